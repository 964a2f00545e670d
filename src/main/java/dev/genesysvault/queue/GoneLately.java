package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link ClientQueue} remembers of clients whose records were removed lately: their clients,
 * and whatever lost attempts made, were seen to be gone by then. For as long as Genesys may hide a
 * client, that tells one that is gone from one that does not show yet. In memory: who does not know
 * it waits until that time is over.
 */
public final class GoneLately {
  /** More than Genesys lets a mount end within the time for which one is remembered. */
  private static final int MOST = 4_096;

  private final Time time;
  private final Duration remembered;
  private final Locks.Monitor monitor;

  /** When each is forgotten, by the clock that does not jump; the earliest first. */
  private final Map<ClientKey, Long> until = new LinkedHashMap<>();

  GoneLately(Time time, Locks locks, Delays delays) {
    this.time = time;
    this.remembered = delays.longestRequest().plus(delays.visibility());
    this.monitor = locks.monitor();
  }

  /** Takes note that a record was removed. */
  public void removed(ClientKey key) {
    monitor.run(() -> {
      forgetOld();
      until.remove(key);
      if (until.size() >= MOST) {
        until.remove(until.keySet().iterator().next());
      }
      until.put(key, time.nanos() + remembered.toNanos());
    });
  }

  /** Takes note that there is a record again, or may be. */
  public void returned(ClientKey key) {
    monitor.run(() -> {
      until.remove(key);
    });
  }

  /** Whether a record was removed lately, and has not returned. */
  public boolean has(ClientKey key) {
    return monitor.get(() -> {
      forgetOld();
      return until.containsKey(key);
    });
  }

  private void forgetOld() {
    long now = time.nanos();
    var oldest = until.values().iterator();
    while (oldest.hasNext() && oldest.next() - now <= 0) {
      oldest.remove();
    }
  }
}
