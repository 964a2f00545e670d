package dev.genesysvault.work;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * A pause of work: for how long a mount asks Genesys nothing, since what it met concerns all of its
 * clients: counted on a clock that does not jump.
 */
public final class Pause {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Time time;
  private final Backoff waits;
  private final Holds holds = new Holds();
  private Deadline end;
  private int troubles;
  private String reason = "";

  /** Makes one that has not begun. */
  public Pause(Time time, Randomness randomness) {
    this.time = time;
    this.waits = new Backoff(FIRST, LONGEST, randomness);
    this.end = Deadline.in(Duration.ZERO, time);
  }

  /** Begins one of a length that somebody else says, unless a longer one lasts. */
  public void begin(Duration length, String why) {
    holds.met(why, time.now());
    if (!end.allows(length)) {
      reason = why;
      end = Deadline.in(length, time);
    }
  }

  /** Begins one that is longer each time in a row. */
  public void begin(String why) {
    begin(waits.after(++troubles), why);
  }

  /** Ends it: Genesys answers. */
  public void over() {
    troubles = 0;
    reason = "";
    holds.over(time.now());
    lift();
  }

  /** Ends it for one try. */
  public void lift() {
    end = Deadline.in(Duration.ZERO, time);
  }

  /** Whether it lasts. */
  public boolean lasts() {
    return !end.over();
  }

  /**
   * Returns until when it holds work up, as the wall clock shows it now; the beginning of all time
   * where it does not: the clock moves from one look to the next, so that the present would be the
   * future of whoever looked before.
   */
  public Instant heldUntil() {
    return lasts() ? end() : Instant.MIN;
  }

  /** Returns its end as the wall clock shows it now; the present where it is over. */
  public Instant end() {
    return time.now().plus(end.left());
  }

  /** Returns what it was for lately, and for how long. */
  public Holds holds() {
    return holds;
  }

  /** Returns why the last one began, as long as Genesys has not answered since. */
  public String reason() {
    return reason;
  }
}
