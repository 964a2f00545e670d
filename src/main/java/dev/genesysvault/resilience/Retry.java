package dev.genesysvault.resilience;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;

/**
 * A rule of retries: asks Genesys again where that is harmless and may help, and leaves time for
 * the reply. What is refused, unknown or limited comes back as it came: the first two are not to be
 * repeated, and the budget waits for the third.
 *
 * @param mostAttempts the first one counts; at least 1
 * @param again told before each attempt but the first
 */
public record Retry(Time time, Backoff backoff, int mostAttempts, Runnable again) {
  /** Makes one that tells nobody. */
  public Retry(Time time, Backoff backoff, int mostAttempts) {
    this(time, backoff, mostAttempts, () -> {});
  }

  /** Checks the bound. */
  public Retry {
    if (mostAttempts < 1) {
      throw new IllegalArgumentException(
          "mostAttempts is %d; must be at least 1".formatted(mostAttempts));
    }
  }

  /** One try at a call. */
  @FunctionalInterface
  public interface Attempt<T> {
    /** Makes the call. */
    Outcome<T> run() throws InterruptedException;
  }

  /** Returns the outcome of the last attempt that the deadline and the bound allow. */
  public <T> Outcome<T> call(Deadline deadline, Attempt<T> attempt) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      var outcome = attempt.run();
      boolean repeats =
          outcome instanceof Failed<T>(var failure)
              && failure instanceof Unavailable
              && failures < mostAttempts;
      if (!repeats) {
        return outcome;
      }
      var wait = backoff.after(failures);
      if (!deadline.allows(wait)) {
        return outcome;
      }
      time.sleep(wait);
      again.run();
    }
  }
}
