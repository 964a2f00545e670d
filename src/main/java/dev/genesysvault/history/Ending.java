package dev.genesysvault.history;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.work.Holds.Hold;
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
 * @param deleted by when it was deleted, or let go; null where it is not yet
 * @param how which of these it was
 * @param patience how long an end may take before it is late
 * @param held what kept it from ending sooner for longest; empty for nothing that is known
 * @param opened when the background session was opened
 */
public record Ending(
    ClientId former,
    @Nullable Instant handedOver,
    @Nullable Instant deactivated,
    @Nullable Instant deleted,
    How how,
    Duration patience,
    Optional<Hold> held,
    Instant opened) {
  /** What becomes of a former client. */
  public enum How {
    /** The mount deletes it. */
    DELETED,
    /** Genesys did not have it any more when the mount came to end it. */
    FOUND_DELETED,
    /** It lives on, in somebody else's hands. */
    LET_GO
  }

  /** Returns that of a client that is let go now. */
  public static Ending letGo(ClientId former, Instant now) {
    return new Ending(former, now, null, now, How.LET_GO, Duration.ZERO, Optional.empty(), now);
  }

  /**
   * Returns what is kept until the rotation itself is told; empty for an id that is none of ours.
   */
  Optional<RecordedRotation> alone(String id) {
    return HistoryIds.time(id)
        .map(asked ->
            RecordedRotation.of("", new RotationAccount(id, asked, List.of(), List.of()), former));
  }

  /** Of what is known already nothing is told again: whoever repeats a step sees it later. */
  RecordedRotation in(RecordedRotation rotation) {
    return rotation.deleted() == null
        ? rotation.ended(
            handedOver,
            deactivated,
            deleted,
            how == How.LET_GO,
            how == How.FOUND_DELETED,
            late(rotation))
        : rotation;
  }

  private List<String> late(RecordedRotation known) {
    var late = new ArrayList<String>();
    if (how == How.LET_GO) {
      return late;
    }
    if (deactivated != null && known.deactivated() == null) {
      add(late, "deactivated", deactivated);
    }
    if (deleted != null) {
      add(late, how == How.DELETED ? "deleted" : "found deleted", deleted);
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
                    Lateness.why(begun, held, opened))));
  }
}
