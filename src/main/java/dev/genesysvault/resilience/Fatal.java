package dev.genesysvault.resilience;

/**
 * Tells what a step may die of while its process goes on from what ends the process. A bug of one
 * step is the step's, be it an exception, a class that does not load, or a stack that overflows. A
 * machine that is out of memory or broken promises nothing to anybody.
 */
public final class Fatal {
  private Fatal() {}

  /** Whether the process has to end. */
  public static boolean is(Throwable thrown) {
    return thrown instanceof VirtualMachineError
        && !(thrown instanceof StackOverflowError)
        // The JDK throws it for much that passes; its HTTP client where a descriptor is missing.
        && !(thrown instanceof InternalError);
  }

  /** Throws it on where the process has to end; whoever handles errors asks this first. */
  public static void check(Throwable thrown) {
    if (is(thrown)) {
      throw (VirtualMachineError) thrown;
    }
  }
}
