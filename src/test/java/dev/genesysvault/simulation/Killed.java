package dev.genesysvault.simulation;

/**
 * Ends a task whose process has died, or whose schedule is over, at its next door. An error, since
 * nobody between here and the task's own frame may take it for something to handle.
 */
final class Killed extends Error {
  private static final long serialVersionUID = 1;

  /** Each is one of its own: none may suppress itself. */
  Killed() {
    super("killed", null, false, false);
  }
}
