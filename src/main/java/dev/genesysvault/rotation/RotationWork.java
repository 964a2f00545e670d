package dev.genesysvault.rotation;

/** What a worker takes from the {@link RotationQueue}. */
sealed interface RotationWork {
  /** A role that is this worker's until it gives it back. */
  record Step(RotationItem item) implements RotationWork {}

  /** A role of which something may be overdue, to be looked at and nothing more. */
  record Watch(RotationItem item) implements RotationWork {}
}
