package dev.genesysvault.lifecycle;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Randomness;
import java.time.Duration;
import java.time.Instant;

/** For how long a mount asks Genesys nothing, since what it met concerns all of its clients. */
public final class Pause {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Backoff waits;
  private Instant end = Instant.MIN;
  private int troubles;
  private String reason = "";

  /** Makes one that has not begun. */
  public Pause(Randomness randomness) {
    this.waits = new Backoff(FIRST, LONGEST, randomness);
  }

  /** Begins one of a length that somebody else says. */
  public void begin(Instant now, Duration length, String why) {
    reason = why;
    end = now.plus(length);
  }

  /** Begins one that is longer each time in a row. */
  public void begin(Instant now, String why) {
    begin(now, waits.after(++troubles), why);
  }

  /** Ends it: Genesys answers. */
  public void over() {
    troubles = 0;
    reason = "";
    end = Instant.MIN;
  }

  /** Ends it for one try. */
  public void lift() {
    end = Instant.MIN;
  }

  /** Whether it lasts at that time. */
  public boolean lasts(Instant now) {
    return now.isBefore(end);
  }

  /** Returns its end, which may be over. */
  public Instant end() {
    return end;
  }

  /** Returns why the last one began, as long as Genesys has not answered since. */
  public String reason() {
    return reason;
  }
}
