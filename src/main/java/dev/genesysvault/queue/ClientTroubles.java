package dev.genesysvault.queue;

import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Clients of a {@link ClientQueue} that do not come to their end.
 *
 * @param troubles of them, as many as were asked for
 * @param more how many further ones there are
 */
public record ClientTroubles(List<Trouble> troubles, int more) {
  /** Copies the list. */
  public ClientTroubles {
    troubles = List.copyOf(troubles);
  }

  /**
   * One of them.
   *
   * @param key of the client
   * @param stuck whether its end needs a person
   * @param late whether it may still log in, and should not by now
   * @param since since when it is known to be to go
   * @param error what was met last; empty for nothing
   */
  public record Trouble(String key, boolean stuck, boolean late, Instant since, String error) {}

  /** Walks over all once, since whoever changes something waits for its end. */
  static ClientTroubles of(
      Collection<ClientQueueItem> items, Duration late, int most, Instant now) {
    var overdue = new ArrayList<Trouble>();
    var stuck = new ArrayList<Trouble>();
    int all = 0;
    for (var item : items) {
      var since = item.leavingSince();
      if (since == null) {
        continue;
      }
      boolean isLate = isLate(item, since.plus(late), now);
      boolean isStuck = item.state() == State.STUCK;
      if (isLate || isStuck) {
        all++;
        // Those that may do harm come before those that only wait.
        var list = isLate ? overdue : stuck;
        if (list.size() < most) {
          list.add(new Trouble(item.key.value(), isStuck, isLate, since, item.lastError()));
        }
      }
    }
    var troubles = Stream.concat(overdue.stream(), stuck.stream()).limit(most).toList();
    return new ClientTroubles(troubles, all - troubles.size());
  }

  private static boolean isLate(ClientQueueItem item, Instant deadline, Instant now) {
    return item.mayLogIn() && !now.isBefore(deadline);
  }
}
