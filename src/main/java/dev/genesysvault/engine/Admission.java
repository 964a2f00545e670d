package dev.genesysvault.engine;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Locks;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many requests the engine's dispatch holds at a time, and how much of them: memory must not
 * belong to whoever sends the most. Counted for each mount and for all of them.
 */
final class Admission {
  /** What a mount may hold whatever the others do. */
  private static final int OWN = 8;

  /** As much as so many mounts may hold, all of them may hold. */
  private static final int MOUNTS = 2;

  private static final long MEGABYTE = 1024 * 1024;

  private final Locks.Monitor monitor;
  private final Map<Kind, Held> all = new EnumMap<>(Kind.class);
  private final Map<Place, Held> mounts = new HashMap<>();

  Admission(Locks locks) {
    this.monitor = locks.monitor();
    for (var kind : Kind.values()) {
      all.put(kind, new Held());
    }
  }

  /** What a request is for; those of one kind do not keep those of another out. */
  enum Kind {
    /** To have something made or changed at Genesys; waits up to the time that Vault allows. */
    GENESYS("need Genesys", 512, 8 * MEGABYTE),
    /** To read or write what Vault's storage has. */
    STORAGE("need Vault's storage alone", 512, 8 * MEGABYTE),
    /** To keep a lease; many ask at the same time, and each holds little. */
    RENEWAL("renew leases", 4_096, 8 * MEGABYTE),
    /** To see how the mount does; waits for Genesys for two seconds. */
    LOOK("read status, config or drain", 64, MEGABYTE),
    /** To see how a static role does, at Genesys as well. */
    ROLE_STATUS("read how static roles do", 64, MEGABYTE),
    /** To try a destination or a receiver of alarms; waits as long as that host is silent. */
    CHECK("check what another host says", 64, MEGABYTE),
    /** To configure the mount, or to empty it. */
    MOUNT("write config or drain", 32, MEGABYTE),
    /** Is always let in: it takes a log-in away. */
    URGENT("take a log-in away", Integer.MAX_VALUE, Long.MAX_VALUE);

    private final String does;
    private final int most;
    private final long mostBytes;

    Kind(String does, int most, long mostBytes) {
      this.does = does;
      this.most = most;
      this.mostBytes = mostBytes;
    }

    /** Returns what requests of this kind do, after "requests that". */
    String does() {
      return does;
    }
  }

  private record Place(String mountUuid, Kind kind) {}

  private static final class Held {
    private int requests;
    private long bytes;

    /** Whether there is room for one more among so many times what a mount may hold. */
    boolean hasRoom(long more, Kind kind, int mounts) {
      return requests < mounts * kind.most
          && (requests == 0 || bytes + more <= mounts * kind.mostBytes);
    }

    void add(int more, long moreBytes) {
      requests += more;
      bytes += moreBytes;
    }
  }

  /** Returns of which kind a request is. */
  static Kind kind(Request request) {
    return switch (request.operation()) {
      case REVOKE, ROLLBACK -> Kind.URGENT;
      case RENEW -> Kind.RENEWAL;
      case CREATE, READ, UPDATE, DELETE, LIST -> kindOfPath(request);
    };
  }

  private static Kind kindOfPath(Request request) {
    boolean reads = request.operation() == Operation.READ;
    return switch (request.pathId()) {
      case "status", "config", "drain" -> reads ? Kind.LOOK : Kind.MOUNT;
      case "rotate-role/name" ->
          request.fields().flag("emergency").orElse(false) ? Kind.URGENT : Kind.GENESYS;
      case "static-roles/status" -> Kind.ROLE_STATUS;
      case "destinations/check", "alerts/test" -> Kind.CHECK;
      case "creds/name", "static-roles/import" -> Kind.GENESYS;
      case "roles/name", "static-roles/name" -> reads ? Kind.STORAGE : Kind.GENESYS;
      default -> Kind.STORAGE;
    };
  }

  /**
   * Lets a request in, which then has to {@link #leave}.
   *
   * @param bytes that it holds
   * @return whether there was room
   */
  boolean enter(String mountUuid, Kind kind, long bytes) {
    if (kind == Kind.URGENT) {
      return true;
    }
    monitor.lock();
    try {
      var place = new Place(mountUuid, kind);
      var own = mounts.getOrDefault(place, new Held());
      var total = of(kind);
      boolean room =
          own.hasRoom(bytes, kind, 1) && (own.requests < OWN || total.hasRoom(bytes, kind, MOUNTS));
      if (room) {
        own.add(1, bytes);
        mounts.put(place, own);
        total.add(1, bytes);
      }
      return room;
    } finally {
      monitor.unlock();
    }
  }

  /** Lets a request go that was let in. */
  void leave(String mountUuid, Kind kind, long bytes) {
    if (kind == Kind.URGENT) {
      return;
    }
    monitor.lock();
    try {
      var place = new Place(mountUuid, kind);
      var own = Objects.requireNonNull(mounts.get(place));
      own.add(-1, -bytes);
      if (own.requests == 0) {
        mounts.remove(place);
      }
      of(kind).add(-1, -bytes);
    } finally {
      monitor.unlock();
    }
  }

  private Held of(Kind kind) {
    return Objects.requireNonNull(all.get(kind));
  }
}
