package dev.genesysvault.rotation;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.rotation.RoleSnapshot.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which entries of destinations wait for the present credential of a static role; those are not
 * among them that somebody else has written to. What they hold may be what leaked.
 *
 * @param since when the first of them waits
 * @param places of them, by {@link Deliveries#place}
 * @param failed the first of them that was tried and failed; empty for none
 * @param error of that one, never a secret; empty for none
 */
public record Behind(Instant since, List<String> places, String failed, String error) {
  /** So that an error has room beside however many entries. */
  private static final int MOST_NAMED = 200;

  private static final int MOST_FAILED = 100;

  /** Copies the list. */
  public Behind {
    places = List.copyOf(places);
  }

  static Behind of(Instant since, RoleSummary summary, Map<String, Attempt> attempted) {
    var places = summary.behind().stream().filter(it -> !summary.drifted().contains(it)).toList();
    var failed = places.stream().filter(attempted::containsKey).findFirst().orElse("");
    var attempt = attempted.get(failed);
    return new Behind(since, places, failed, attempt == null ? "" : attempt.error());
  }

  /**
   * Returns which they are, and what is in the way of one.
   *
   * @param leftAlone why nobody asks a destination at present, for those that were not tried; empty
   *     for one that may be asked
   */
  public String text(Function<String, String> leftAlone) {
    var named = Texts.cut(Texts.some(places), MOST_NAMED);
    if (!error.isEmpty()) {
      return "%s; %s: %s".formatted(named, Texts.cut(failed, MOST_FAILED), error);
    }
    for (var place : places) {
      var destination = Deliveries.destination(place);
      var why = leftAlone.apply(destination);
      if (!why.isEmpty()) {
        return "%s; %s: %s".formatted(named, destination, why);
      }
    }
    return named;
  }
}
