package dev.genesysvault.e2e;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An application that reads some places all the while, obeys nothing, and logs in with what it
 * finds there.
 */
final class ReaderElsewhere implements AutoCloseable {
  private static final long PAUSE_MILLIS = 50;

  private final Stack stack;
  private final Map<String, Place> places;
  private final List<String> failures = new ArrayList<>();
  private final Set<String> clients = new LinkedHashSet<>();
  private final Thread thread;
  private int logIns;
  private volatile boolean closed;

  /** A place that holds a credential. */
  @FunctionalInterface
  interface Place {
    Map<String, String> credential() throws Exception;
  }

  ReaderElsewhere(Stack stack, Map<String, Place> places) {
    this.stack = stack;
    this.places = new TreeMap<>(places);
    this.thread = Thread.ofVirtual().name("reads elsewhere").start(this::live);
  }

  private void live() {
    try {
      while (!closed) {
        for (var place : places.entrySet()) {
          logIn(place.getKey(), place.getValue());
        }
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
    note(client, failure);
  }

  private synchronized void note(String client, String failure) {
    logIns++;
    clients.add(client);
    if (!failure.isEmpty()) {
      failures.add(failure);
    }
  }

  synchronized int rotations() {
    return clients.size() - 1;
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
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
