package dev.genesysvault.e2e;

import java.io.IOException;
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

  private final Stack stack;
  private final String path;
  private final Thread thread;
  private final List<String> failures = new ArrayList<>();
  private final Set<String> clientIds = new LinkedHashSet<>();
  private Map<String, String> held = Map.of();
  private long readAgain;
  private int logIns;
  private int reads;
  private volatile boolean closed;

  /** Starts one that reads this path. */
  SteadyApplication(Stack stack, String path) {
    this.stack = stack;
    this.path = path;
    this.thread = Thread.ofVirtual().name("application").start(this::live);
  }

  private void live() {
    try {
      long nextLogIn = System.nanoTime();
      while (!closed) {
        long now = System.nanoTime();
        if (readAgain - now <= 0) {
          read();
        }
        if (nextLogIn - now <= 0 && !held.isEmpty()) {
          logIn();
          nextLogIn = now + LOG_IN_MILLIS * 1_000_000;
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void read() throws InterruptedException {
    try {
      var answer = stack.http.get(path);
      if (answer.status() == 200) {
        var data = answer.body().path("data");
        held =
            Map.of(
                "client_id", data.path("client_id").asText(),
                "client_secret", data.path("client_secret").asText());
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
  }

  private void logIn() throws InterruptedException {
    try {
      boolean works = stack.logsIn(held);
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

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
