package dev.genesysvault.simulation;

/**
 * Ends a task whose process has died, or whose schedule is over, at its next door. An error of the
 * machine, since nobody between here and the task's own frame may take it for something to handle.
 */
final class Killed extends VirtualMachineError {
  private static final long serialVersionUID = 1;

  /** Each is one of its own: none may suppress itself. */
  Killed() {
    super("killed");
  }

  /** Nobody reads where it was; it is made as often as anything dies. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
