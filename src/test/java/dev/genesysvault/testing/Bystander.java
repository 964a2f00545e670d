package dev.genesysvault.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for something of its own again and again while others are served, and says in the end how
 * that was: how often, what the longest took, and what went wrong first.
 */
public final class Bystander implements AutoCloseable {
  private static final long BETWEEN_MILLISECONDS = 20;

  private final Callable<Boolean> question;
  private final Thread thread;
  private volatile boolean over;
  private int asked;
  private Duration longest = Duration.ZERO;
  private @Nullable String trouble;

  /**
   * Begins at once.
   *
   * @param question returns whether it was answered as it should be
   */
  public Bystander(Callable<Boolean> question) {
    this.question = question;
    this.thread = Thread.ofPlatform().daemon().name("bystander").start(this::ask);
  }

  private void ask() {
    while (!over && trouble == null) {
      long begun = System.nanoTime();
      try {
        if (!question.call()) {
          trouble = "it was not answered as it should be";
        }
        TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLISECONDS);
      } catch (Exception | AssertionError e) {
        trouble = e.toString();
      }
      asked++;
      var took = Duration.ofNanos(System.nanoTime() - begun).minusMillis(BETWEEN_MILLISECONDS);
      // The first one may find everything cold.
      longest = asked > 1 && took.compareTo(longest) > 0 ? took : longest;
    }
  }

  /** Waits until the last question is answered; afterwards the others say how it was. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns how often it asked. */
  public int asked() {
    return asked;
  }

  /** Returns what the longest answer took, the first one aside. */
  public Duration longest() {
    return longest;
  }

  /** Returns what went wrong, after which it asked no more; empty for nothing. */
  public String trouble() {
    return trouble == null ? "" : trouble;
  }
}
