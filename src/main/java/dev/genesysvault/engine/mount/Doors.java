package dev.genesysvault.engine.mount;

import dev.genesysvault.metrics.Meters;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;

/**
 * The doors through which every mount's work meets clock, other tasks, chance, and its former
 * lives, and through which it is measured.
 */
public record Doors(
    Time time, Tasks tasks, Locks locks, Randomness randomness, StepTrail trail, Meters meters) {
  /** Makes those of work that nobody measures. */
  public Doors(Time time, Tasks tasks, Locks locks, Randomness randomness, StepTrail trail) {
    this(time, tasks, locks, randomness, trail, Meters.NONE);
  }
}
