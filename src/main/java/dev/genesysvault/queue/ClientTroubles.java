package dev.genesysvault.queue;

import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
   * @param stuck whether its end needs a person; otherwise it may still log in, and is late
   * @param since since when it is known to be to go
   * @param error what was met last; empty for nothing
   */
  public record Trouble(String key, boolean stuck, Instant since, String error) {}

  /** Walks over all once, since whoever changes something waits for its end. */
  static ClientTroubles of(
      Collection<ClientQueueItem> items, Duration late, int most, Instant now) {
    var troubles = new ArrayList<Trouble>();
    int more = 0;
    for (var item : items) {
      var since = item.leavingSince();
      if (since == null || !(item.state() == State.STUCK || isLate(item, since.plus(late), now))) {
        continue;
      }
      if (troubles.size() < most) {
        boolean stuck = item.state() == State.STUCK;
        troubles.add(new Trouble(item.key.value(), stuck, since, item.lastError()));
      } else {
        more++;
      }
    }
    return new ClientTroubles(troubles, more);
  }

  private static boolean isLate(ClientQueueItem item, Instant deadline, Instant now) {
    return item.mayLogIn() && !now.isBefore(deadline);
  }
}
