package dev.genesysvault.e2e;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Applications, one for each of some places, that read theirs all the while, obey nothing, and log
 * in with what they find there.
 */
final class ReaderElsewhere implements AutoCloseable {
  private static final long PAUSE_MILLIS = 50;

  private final Stack stack;
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Set<String>> clients = new TreeMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private int logIns;
  private volatile boolean closed;

  /** A place that holds a credential. */
  @FunctionalInterface
  interface Place {
    Map<String, String> credential() throws Exception;
  }

  ReaderElsewhere(Stack stack, Map<String, Place> places) {
    this.stack = stack;
    places.keySet().forEach(name -> clients.put(name, new LinkedHashSet<>()));
    places.forEach((name, place) ->
        threads.add(Thread.ofVirtual().name("reads " + name).start(() -> live(name, place))));
  }

  private void live(String name, Place place) {
    try {
      while (!closed) {
        logIn(name, place);
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void logIn(String name, Place place) throws InterruptedException {
    var failure = "";
    var client = "";
    try {
      var credential = place.credential();
      client = credential.getOrDefault("client_id", "");
      failure = stack.logsIn(credential) ? "" : "client %s of %s".formatted(client, name);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failure = "%s: %s".formatted(name, e);
    }
    note(name, client, failure);
  }

  private synchronized void note(String name, String client, String failure) {
    logIns++;
    clients.getOrDefault(name, Set.of()).add(client);
    if (!failure.isEmpty()) {
      failures.add(failure);
    }
  }

  /** Returns how often the credential has changed, where that was seen least often. */
  synchronized int rotations() {
    return clients.values().stream().mapToInt(Set::size).min().orElse(0) - 1;
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized int logIns() {
    return logIns;
  }

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
