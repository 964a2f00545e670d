package dev.genesysvault.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What else goes on in the mount {@code genesys/}: leases are issued, used and revoked, other
 * static roles are read and rotated, and their readers log in.
 */
final class LoadBeside implements AutoCloseable {
  private static final int LEASING = 4;
  private static final int OTHER_ROLES = 3;
  private static final long PAUSE_MILLIS = 100;

  /** A rotation by hand wants the one before to be over, grace included. */
  private static final int READS_A_ROTATION = 50;

  private final Stack stack;
  private final SteadyRoles roles;
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private int issued;
  private int read;
  private int rotated;
  private volatile boolean closed;

  LoadBeside(Stack stack, SteadyRoles roles) throws Exception {
    this.stack = stack;
    this.roles = roles;
    var names = new ArrayList<String>();
    for (int i = 0; i < OTHER_ROLES; i++) {
      names.add(roles.written("grace_period", "2s", "stagger", "0s"));
    }
    for (int i = 0; i < LEASING; i++) {
      start("leases " + i, this::lease);
    }
    for (var name : names) {
      start("reads " + name, i -> useRole(name, i));
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(int index) throws Exception;
  }

  private void start(String name, Work work) {
    threads.add(Thread.ofVirtual().name(name).start(() -> repeat(name, work)));
  }

  private void repeat(String name, Work work) {
    try {
      for (int i = 1; !closed; i++) {
        try {
          work.run(i);
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception | AssertionError e) {
          refuse("%s: %s".formatted(name, e));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void lease(int index) throws Exception {
    var answer = stack.http.get("genesys/creds/demo");
    if (answer.status() != 200) {
      refuse("creds: %d %s".formatted(answer.status(), answer.body()));
      return;
    }
    if (!stack.logsIn(VaultHttp.credential(answer.body().path("data")))) {
      refuse("what was issued does not log in");
    }
    var ended =
        stack.http.put(
            "sys/leases/revoke",
            Map.of("lease_id", answer.body().path("lease_id").asText(), "sync", true));
    if (ended.status() / 100 != 2) {
      refuse("revoke: %d %s".formatted(ended.status(), ended.body()));
    }
    count(1, 0, 0);
  }

  private void useRole(String name, int index) throws Exception {
    if (!stack.logsIn(roles.credential(name))) {
      refuse("what %s answers does not log in".formatted(name));
    }
    boolean rotates = index % READS_A_ROTATION == 0;
    if (rotates) {
      var _ = roles.rotate(name);
    }
    count(0, 1, rotates ? 1 : 0);
  }

  private synchronized void count(int moreIssued, int moreRead, int moreRotated) {
    issued += moreIssued;
    read += moreRead;
    rotated += moreRotated;
  }

  private synchronized void refuse(String what) {
    refused.add(what);
  }

  /** Returns what did not go well. */
  synchronized List<String> refused() {
    return List.copyOf(refused);
  }

  synchronized int issued() {
    return issued;
  }

  synchronized int rotated() {
    return rotated;
  }

  @Override
  public synchronized String toString() {
    return "%d credentials issued and revoked, %d other static credentials read, %d rotated, %d refused"
        .formatted(issued, read, rotated, refused.size());
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
