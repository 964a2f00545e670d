package dev.genesysvault.queue;

import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Clients that wait in the mount's turn, and those that leaked, which wait for nobody. */
final class DueQueues {
  final Pauses pauses;
  final DueQueue ordinary;

  /** Knows no pause: each of its clients waits by itself after a failure. */
  final DueQueue urgent;

  DueQueues(Time time, Randomness randomness) {
    this.pauses = new Pauses(time, randomness);
    this.ordinary = new DueQueue(pauses);
    this.urgent = new DueQueue(new Pauses(time, randomness));
  }

  void place(ClientQueueItem item) {
    of(item).place(item);
  }

  void displace(ClientQueueItem item) {
    of(item).displace(item);
  }

  private DueQueue of(ClientQueueItem item) {
    return item.urgent ? urgent : ordinary;
  }

  void clear() {
    ordinary.clear();
    urgent.clear();
    pauses.over();
  }

  /**
   * Takes what is to be done now, first of all for what leaked.
   *
   * @param alone whether for that alone
   */
  Optional<Work> take(boolean alone, Instant now) {
    var first = urgent.take(now);
    return first.isPresent() || alone ? first : ordinary.take(now);
  }

  /** Returns how long to wait until there may be something to take. */
  Duration untilNext(boolean alone, Instant now) {
    var first = urgent.untilNext(now);
    var other = alone ? first : ordinary.untilNext(now);
    return other.compareTo(first) < 0 ? other : first;
  }

  /** Has a client tried at once, as if nothing had failed before. */
  void hurry(ClientQueueItem item, Instant now) {
    displace(item);
    item.due = now;
    item.attempts = 0;
    place(item);
    pauses.lift();
  }

  /** Has a client that is handed out wait for its end, or for its time alone. */
  void drain(ClientQueueItem item, boolean is, Instant now) {
    if (is && item.handedOut()) {
      displace(item);
      item.begin(Step.DRAIN, now);
      place(item);
    }
  }

  /** Whether who comes now would have to wait: others came first, or Genesys is not to be asked. */
  boolean pressed(Instant now) {
    return pauses.all().lasts() || ordinary.anyDue(Step.DEACTIVATE, now);
  }
}
