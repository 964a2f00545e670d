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

  private static final Most OF_A_MOUNT = new Most(512, 8L * 1024 * 1024);
  private static final Most OF_ALL = new Most(1_024, 16L * 1024 * 1024);

  private final Locks.Monitor monitor;
  private final Map<Kind, Held> all = new EnumMap<>(Kind.class);
  private final Map<Place, Held> mounts = new HashMap<>();

  Admission(Locks locks) {
    this.monitor = locks.monitor();
    for (var kind : Kind.values()) {
      all.put(kind, new Held());
    }
  }

  /** What a request may wait for; those of one kind do not keep those of another out. */
  enum Kind {
    /** Genesys, up to the time that Vault allows. */
    GENESYS,
    /** Vault's storage alone. */
    STORAGE,
    /** Is always let in: it ends something, or says how the mount does. */
    URGENT
  }

  private record Most(int requests, long bytes) {
    boolean allows(Held held, long more) {
      return held.requests < requests && (held.requests == 0 || held.bytes + more <= bytes);
    }
  }

  private record Place(String mountUuid, Kind kind) {}

  private static final class Held {
    private int requests;
    private long bytes;

    void add(int more, long moreBytes) {
      requests += more;
      bytes += moreBytes;
    }
  }

  /** Returns what a request may wait for. */
  static Kind kind(Request request) {
    if (request.operation().onLease() || request.operation() == Operation.ROLLBACK) {
      return Kind.URGENT;
    }
    boolean reads = request.operation() == Operation.READ;
    return switch (request.pathId()) {
      case "status", "config", "drain" -> Kind.URGENT;
      case "rotate-role/name" ->
          request.fields().flag("emergency").orElse(false) ? Kind.URGENT : Kind.GENESYS;
      case "creds/name", "static-roles/import", "static-roles/status" -> Kind.GENESYS;
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
          OF_A_MOUNT.allows(own, bytes) && (own.requests < OWN || OF_ALL.allows(total, bytes));
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
