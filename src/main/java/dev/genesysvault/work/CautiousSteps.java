package dev.genesysvault.work;

import dev.genesysvault.resilience.StepTrail;
import java.time.Duration;
import java.util.Optional;

/**
 * Steps of a mount's background session that come again and again and that no queue holds: those
 * that the process may have died of are left alone for a while.
 */
public final class CautiousSteps {
  private final StepTrail trail;
  private final String mountUuid;

  /**
   * Makes those of one mount.
   *
   * @param mountUuid Vault's uuid of the mount
   */
  public CautiousSteps(StepTrail trail, String mountUuid) {
    this.trail = trail;
    this.mountUuid = mountUuid;
  }

  /**
   * Does a step, unless it is to be left alone for now.
   *
   * @param step the same text whenever the same is done; two that follow one another have two
   * @return whether it was done
   */
  public boolean attempt(String step, StepTrail.Body body) throws InterruptedException {
    return call(
            step,
            StepTrail.LONGEST_WAIT,
            () -> {
              body.run();
              return step;
            })
        .isPresent();
  }

  /**
   * As {@link #attempt}, and returns what the step comes to; empty where it was not done.
   *
   * @param most how long it is left alone at the most
   */
  public <T> Optional<T> call(String step, Duration most, StepTrail.Call<T> body)
      throws InterruptedException {
    return trail.left(mountUuid, step, most).isPositive()
        ? Optional.empty()
        : Optional.of(trail.call(mountUuid, step, body));
  }
}
