package dev.genesysvault.history;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a static role's former client.
 *
 * @param former the client
 * @param handedOver when its end was begun; null where that is not known
 * @param deactivated by when Genesys had deactivated it; null where nobody saw that
 * @param deleted by when it was deleted; null where it is not yet
 * @param patience how long an end may take before it is late
 * @param met what kept it from ending sooner; empty for nothing that is known
 */
public record Ending(
    ClientId former,
    @Nullable Instant handedOver,
    @Nullable Instant deactivated,
    @Nullable Instant deleted,
    Duration patience,
    String met) {

  /**
   * Returns what is kept until the rotation itself is told; empty for an id that is none of ours.
   */
  Optional<RecordedRotation> alone(String id) {
    return HistoryIds.time(id)
        .map(asked ->
            RecordedRotation.of("", new RotationAccount(id, asked, List.of(), List.of()), former));
  }

  RecordedRotation in(RecordedRotation rotation) {
    return rotation.ended(handedOver, deactivated, deleted, late());
  }

  private List<String> late() {
    var late = new ArrayList<String>();
    if (deactivated != null) {
      add(late, "deactivated", deactivated);
    }
    if (deleted != null) {
      add(late, "deleted", deleted);
    }
    return late;
  }

  private void add(List<String> late, String what, Instant done) {
    var begun = handedOver;
    if (begun == null || done.isBefore(begun.plus(patience))) {
      return;
    }
    late.add(
        Lateness.cut(
            "the former client was %s %s after its end was begun: %s"
                .formatted(
                    what,
                    Lateness.text(Duration.between(begun, done)),
                    met.isEmpty()
                        ? "nothing was met, so no background session was open, or other clients went first"
                        : met)));
  }
}
