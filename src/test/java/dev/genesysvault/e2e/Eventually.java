package dev.genesysvault.e2e;

import io.github.jopenlibs.vault.VaultException;
import java.io.IOException;
import java.time.Duration;

/** Asks other processes again until they have done what they do in their own time. */
final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Eventually() {}

  /** A question that may fail while the answer is not there yet. */
  @FunctionalInterface
  interface Question {
    boolean answered() throws Exception;
  }

  /** Returns once the answer is yes; fails after {@code patience}. */
  static void is(String what, Duration patience, Question question) throws Exception {
    is(what, patience, PAUSE, question);
  }

  /** As the other one, asking again after {@code pause}. */
  static void is(String what, Duration patience, Duration pause, Question question)
      throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    Exception last = null;
    while (System.nanoTime() - end < 0) {
      try {
        if (question.answered()) {
          return;
        }
      } catch (IOException | VaultException e) {
        last = e;
      }
      Thread.sleep(pause);
    }
    throw new AssertionError("not within %s: %s".formatted(patience, what), last);
  }
}
