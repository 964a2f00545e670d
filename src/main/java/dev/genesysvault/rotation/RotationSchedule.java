package dev.genesysvault.rotation;

import dev.genesysvault.domain.Sha256;
import dev.genesysvault.storage.RotationTiming;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** When one static role is rotated. */
public final class RotationSchedule {
  private static final int SHARE_BITS = 53;

  private final RotationTiming timing;
  private final Duration offset;

  /**
   * Makes the schedule of a role.
   *
   * @param name of the role; with {@code mountUuid} it gives the role's share of the stagger, the
   *     same after every restart
   */
  public RotationSchedule(RotationTiming timing, String mountUuid, String name) {
    this.timing = timing;
    this.offset =
        Duration.ofMillis((long) (timing.stagger().toMillis() * share(mountUuid + "/" + name)));
  }

  private static double share(String text) {
    var hash = Sha256.of(text);
    var bits = new BigInteger(1, hash).shiftRight(Byte.SIZE * hash.length - SHARE_BITS);
    return bits.longValueExact() / (double) (1L << SHARE_BITS);
  }

  /** Returns when a role is due that was rotated last at that time: never later than its period. */
  public Instant nextAfter(Instant last) {
    return timing.scheduled()
        ? slots().next(last).plus(offset)
        : last.plus(timing.period()).minus(offset);
  }

  /**
   * Returns the latest time at which a role may be due that was rotated last at that time: its slot
   * under a cron schedule, else a whole period later.
   */
  public Instant latestAfter(Instant last) {
    return timing.scheduled() ? nextAfter(last) : last.plus(timing.period());
  }

  /** Whether slots, and not the time since the last rotation, say when it is due. */
  boolean cron() {
    return timing.scheduled();
  }

  /** Whether a scheduled rotation that was due then may still begin. */
  public boolean open(Instant due, Instant now) {
    return timing.window().isZero() || now.isBefore(due.minus(offset).plus(timing.window()));
  }

  /**
   * Returns what readers are told to be the period: under a cron schedule the time between its last
   * and its next slot.
   */
  public Duration period(Instant now) {
    return timing.scheduled() ? slots().interval(now) : timing.period();
  }

  private CronSchedule slots() {
    return CronSchedule.parse(timing.schedule());
  }
}
