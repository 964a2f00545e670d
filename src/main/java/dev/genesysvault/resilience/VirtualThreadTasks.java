package dev.genesysvault.resilience;

/**
 * Each task is a virtual thread; what ends one of them by a bug is told in the log, whose lines say
 * for whom it works.
 */
public final class VirtualThreadTasks implements Tasks {
  private final LastWords lastWords = new LastWords();

  @Override
  public Task start(String name, Runnable body) {
    return Thread.ofVirtual()
            .name(name)
            .uncaughtExceptionHandler(lastWords)
            .start(LogContext.carried(body))
        ::interrupt;
  }
}
