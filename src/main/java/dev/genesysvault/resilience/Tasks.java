package dev.genesysvault.resilience;

/** The door to concurrency: whatever runs beside its caller starts here. */
public interface Tasks {
  /**
   * Starts a task.
   *
   * @param name for thread dumps and logs; no secret
   */
  Task start(String name, Runnable body);

  /** A task that was started. */
  interface Task {
    /** Interrupts it at its next wait. Harmless once it has ended. */
    void interrupt();
  }
}
