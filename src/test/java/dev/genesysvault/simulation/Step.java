package dev.genesysvault.simulation;

/** What may happen next in a schedule: a task goes on, or something happens by itself. */
sealed interface Step permits SimulatedTask, Step.Event {
  /** Something that happens by itself, whole, in nobody's task: it must not wait. */
  record Event(String name, Runnable effect) implements Step {}
}
