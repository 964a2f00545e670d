package dev.genesysvault.engine;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;

/** The doors through which the engine meets clock, other tasks and chance. */
public record Doors(Time time, Tasks tasks, Locks locks, Randomness randomness) {}
