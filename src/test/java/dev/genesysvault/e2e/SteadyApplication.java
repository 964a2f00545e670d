package dev.genesysvault.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An application that has one steady credential: reads it, reads it again only after the time that
 * it was told, and logs in with it twice a second all the while.
 */
final class SteadyApplication implements AutoCloseable {
  private static final long LOG_IN_MILLIS = 500;
  private static final long RETRY_MILLIS = 200;

  private final Reading reading;
  private final LogIn logIn;
  private final List<Thread> threads;
  private final List<String> failures = new ArrayList<>();
  private final Set<String> clientIds = new LinkedHashSet<>();
  private volatile Map<String, String> held = Map.of();
  private long readAgain = System.nanoTime();
  private int logIns;
  private int reads;
  private long askedSince;
  private long longestWait;
  private volatile boolean closed;

  /** Reads the credential once. */
  @FunctionalInterface
  interface Reading {
    VaultHttp.Answer read() throws IOException, InterruptedException;
  }

  /** Says whether a credential logs in. */
  @FunctionalInterface
  interface LogIn {
    boolean logsIn(Map<String, String> credential) throws IOException, InterruptedException;
  }

  /** Starts one that reads this path. */
  SteadyApplication(Stack stack, String path) {
    this(() -> stack.http.get(path), stack::logsIn);
  }

  /** Starts one that reads like this. */
  SteadyApplication(Reading reading, LogIn logIn) {
    this.reading = reading;
    this.logIn = logIn;
    // What is held is used while the next one is read, however long that takes.
    this.threads =
        List.of(
            Thread.ofVirtual().name("application reads").start(() -> live(this::readWhenTold)),
            Thread.ofVirtual().name("application logs in").start(() -> live(this::useWhatIsHeld)));
  }

  /** One step of a thread's life. */
  @FunctionalInterface
  private interface Step {
    void go() throws InterruptedException;
  }

  private void live(Step step) {
    try {
      while (!closed) {
        step.go();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void readWhenTold() throws InterruptedException {
    if (readAgain - System.nanoTime() <= 0) {
      read();
    }
    Thread.sleep(20);
  }

  private void useWhatIsHeld() throws InterruptedException {
    if (held.isEmpty()) {
      Thread.sleep(20);
    } else {
      logIn();
      Thread.sleep(LOG_IN_MILLIS);
    }
  }

  private void read() throws InterruptedException {
    if (askedSince == 0) {
      askedSince = System.nanoTime();
    }
    try {
      var answer = reading.read();
      if (answer.status() == 200) {
        var data = answer.body().path("data");
        held = VaultHttp.credential(data);
        readAgain = System.nanoTime() + data.path("ttl").asLong() * 1_000_000_000L;
        note(data.path("client_id").asText());
        return;
      }
    } catch (IOException _) {
      // Vault is away: what is held must go on working.
    }
    readAgain = System.nanoTime() + RETRY_MILLIS * 1_000_000;
  }

  private synchronized void note(String clientId) {
    reads++;
    clientIds.add(clientId);
    longestWait = Math.max(longestWait, System.nanoTime() - askedSince);
    askedSince = 0;
  }

  private void logIn() throws InterruptedException {
    try {
      boolean works = logIn.logsIn(held);
      synchronized (this) {
        logIns++;
        if (!works) {
          failures.add("client %s, read %d".formatted(held.get("client_id"), reads));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the simulator itself does not answer", e);
    }
  }

  /** Returns the log-ins that failed. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** Returns how many clients it has held so far. */
  synchronized int clients() {
    return clientIds.size();
  }

  /** Returns how often it logged in. */
  synchronized int logIns() {
    return logIns;
  }

  /** Returns how often it read. */
  synchronized int reads() {
    return reads;
  }

  /** Returns how long it had to ask for an answer at the most. */
  synchronized Duration longestWait() {
    return Duration.ofNanos(longestWait);
  }

  /** Ends it, and returns once it has ended. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
