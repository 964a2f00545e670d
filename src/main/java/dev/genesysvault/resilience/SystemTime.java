package dev.genesysvault.resilience;

import java.time.Duration;
import java.time.Instant;

/** The machine's own clock. */
public final class SystemTime implements Time {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration wait) throws InterruptedException {
    Thread.sleep(wait);
  }
}
