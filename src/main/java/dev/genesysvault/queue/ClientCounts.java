package dev.genesysvault.queue;

import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.work.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * How many clients of a {@link ClientQueue} there are of what kind.
 *
 * @param states by state; none is not there
 * @param steps those in {@link State#RETIRING}, by what is done with them next; none is not there
 * @param mayLogIn those that are to go, in whatever state, and were not seen deactivated
 * @param leaked those that leaked
 * @param failing those whose last step failed
 * @param oldest how long the one has waited that was first known to be to go; zero for none
 */
public record ClientCounts(
    Map<State, Integer> states,
    Map<Step, Integer> steps,
    int mayLogIn,
    int leaked,
    int failing,
    Duration oldest) {
  /** Copies the maps. */
  public ClientCounts {
    states = Map.copyOf(states);
    steps = Map.copyOf(steps);
  }

  /** Counts in one plain walk, since whoever changes something waits for its end. */
  static ClientCounts of(Collection<ClientQueueItem> items, Instant now) {
    var states = new Tally<>(State.class);
    var steps = new Tally<>(Step.class);
    int mayLogIn = 0;
    int leaked = 0;
    int failing = 0;
    var first = now;
    for (var item : items) {
      states.met(item.state());
      if (item.state() == State.RETIRING) {
        steps.met(item.step);
      }
      mayLogIn += item.mayLogIn() ? 1 : 0;
      leaked += item.urgent ? 1 : 0;
      failing += item.attempts() > 0 ? 1 : 0;
      var since = item.leavingSince();
      if (since != null && since.isBefore(first)) {
        first = since;
      }
    }
    return new ClientCounts(
        states.counts(), steps.counts(), mayLogIn, leaked, failing, Duration.between(first, now));
  }
}
