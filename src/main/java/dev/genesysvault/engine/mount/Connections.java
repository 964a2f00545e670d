package dev.genesysvault.engine.mount;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.rotation.MountOrganization;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.ClientListHealth;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The organisations that mounts reach: one connection a mount, with its token and its budget, for
 * as long as its credential stays the same.
 */
public final class Connections {
  private static final int MOST_MOUNTS = 1_000;

  /** How often it is begun anew where others change the configuration meanwhile. */
  static final int MOST_LOOKS = 5;

  private final Genesys.Connector connector;
  private final EntryLocks entryLocks;
  private final Locks.Monitor monitor;

  /** Makes room in the task of whoever asks, which came through the door of tasks. */
  private final Cache<String, Connection> byMount =
      Caffeine.newBuilder().maximumSize(MOST_MOUNTS).executor(Runnable::run).build();

  private long generation;

  public Connections(Genesys.Connector connector, Locks locks, EntryLocks entryLocks) {
    this.connector = connector;
    this.entryLocks = entryLocks;
    this.monitor = locks.monitor();
  }

  /**
   * One mount's.
   *
   * @param since when its credential was first written; empty where nobody knows
   * @param owner of its tokens; empty where nobody has asked yet
   */
  private record Connection(
      Endpoint endpoint,
      Credential credential,
      Optional<Instant> since,
      Genesys genesys,
      Optional<TokenOwner> owner) {
    Connection of(TokenOwner learnt) {
      return new Connection(endpoint, credential, since, genesys, Optional.of(learnt));
    }

    boolean serves(MountConfig config) {
      return endpoint.equals(config.endpoint())
          && credential.id().equals(config.credential().id())
          && credential.secret().sameAs(config.credential().secret());
    }
  }

  /**
   * A connection whose credential has shown which organisation it belongs to.
   *
   * @param seen the configuration, where it is what came along with the request
   */
  public record Reached(
      MountConfig config,
      Organization organization,
      Genesys genesys,
      Optional<Storage.Seen> seen) {}

  /** Returns the mount's connection, which may never have been used. */
  Genesys to(String mountUuid, MountConfig config) {
    monitor.lock();
    try {
      var present = byMount.getIfPresent(mountUuid);
      if (present != null && present.serves(config)) {
        return present.genesys();
      }
      var genesys = connector.connect(config.endpoint(), config.credential());
      var since = Optional.ofNullable(config.credentialTime());
      byMount.put(
          mountUuid,
          new Connection(config.endpoint(), config.credential(), since, genesys, Optional.empty()));
      return genesys;
    } finally {
      monitor.unlock();
    }
  }

  /** Takes note that a configuration was written: who acts for its mount may be another now. */
  public void configWritten() {
    monitor.lock();
    try {
      generation++;
    } finally {
      monitor.unlock();
    }
  }

  /** Returns a number that grows with each configuration that is written, of whatever mount. */
  long generation() {
    monitor.lock();
    try {
      return generation;
    } finally {
      monitor.unlock();
    }
  }

  /** Returns how long a request would wait for Genesys that came now; at least a second. */
  public Duration wait(String mountUuid) {
    var connection = byMount.getIfPresent(mountUuid);
    var second = Duration.ofSeconds(1);
    if (connection == null) {
      return second;
    }
    var wait = connection.genesys().budget().delay().getOrDefault(Lane.ISSUE, second);
    return wait.compareTo(second) < 0 ? second : wait.plusMillis(999);
  }

  /** Returns when the credential was first written that a mount uses; empty where nobody knows. */
  Optional<Instant> credentialTime(String mountUuid) {
    return Optional.ofNullable(byMount.getIfPresent(mountUuid)).flatMap(Connection::since);
  }

  /** Takes note of whose tokens a mount's are, where they are still its own client's. */
  void learnt(String mountUuid, TokenOwner owner) {
    monitor.lock();
    try {
      var present = byMount.getIfPresent(mountUuid);
      if (present != null && present.credential().id().equals(owner.id())) {
        byMount.put(mountUuid, present.of(owner));
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Returns what Genesys said of the client that a mount uses; empty where it was not asked. */
  Optional<TokenOwner> owner(String mountUuid) {
    return Optional.ofNullable(byMount.getIfPresent(mountUuid)).flatMap(Connection::owner);
  }

  /** Returns what is left of a mount's request budget; empty while it is not connected. */
  Optional<RateBudget.Reading> budget(String mountUuid) {
    return Optional.ofNullable(byMount.getIfPresent(mountUuid))
        .map(connection -> connection.genesys().budget());
  }

  /** Returns whether Genesys is there for a mount; empty while it is not connected. */
  Optional<Reachability.Reading> reachability(String mountUuid) {
    return Optional.ofNullable(byMount.getIfPresent(mountUuid))
        .map(connection -> connection.genesys().reachability());
  }

  /** Returns whether a mount's lists of clients are whole; empty where none was read yet. */
  Optional<ClientListHealth> clientLists(String mountUuid) {
    return Optional.ofNullable(byMount.getIfPresent(mountUuid))
        .flatMap(connection -> connection.genesys().clientLists());
  }

  /** Forgets a mount, so that its next use logs in anew. */
  public void forget(String mountUuid) {
    byMount.invalidate(mountUuid);
  }

  /**
   * Returns the organisation of a request's mount; learns and compares it first where the
   * configuration was written without a look at Genesys.
   */
  public Reached reach(Request request) throws InterruptedException {
    return reach(request.mount(), request.snapshot(), request.storage(), request.deadline());
  }

  /**
   * As {@link #reach(Request)}, for whoever works without a request.
   *
   * @param snapshot for a first look
   * @param storage for what is written
   */
  public Reached reach(Mount mount, MountStorage snapshot, MountStorage storage, Deadline deadline)
      throws InterruptedException {
    var config = snapshot.config().get().orElseThrow(() -> notConfigured(mount));
    var organization = config.organization();
    if (config.verified() && organization != null) {
      return new Reached(config, organization, to(mount.uuid(), config), snapshot.config().seen());
    }
    // One asks for all; the configuration itself is held no longer than it is written.
    try (var _ = entryLocks.lock(mount.uuid(), "config/learn")) {
      for (int look = 1; look <= MOST_LOOKS; look++) {
        var reached = learn(mount, storage, deadline);
        if (reached.isPresent()) {
          return reached.get();
        }
      }
    }
    throw changed();
  }

  /**
   * Returns with what a destination is asked in a request; who waits for it, waits for a check.
   *
   * @param id of that check alone
   */
  public Errand errand(UUID id, Request request, Deadline deadline) {
    return new Errand(
        id,
        deadline,
        () -> {
          var reached = reach(request);
          return new Found.Reached(
              new MountOrganization(
                  reached.genesys(),
                  reached.config().endpoint(),
                  new CallContext(Lane.ISSUE, deadline)));
        });
  }

  /** Empty where the configuration was changed while Genesys was asked. */
  private Optional<Reached> learn(Mount mount, MountStorage storage, Deadline deadline)
      throws InterruptedException {
    var entry = storage.config();
    var config = entry.get().orElseThrow(() -> notConfigured(mount));
    var known = config.organization();
    var genesys = to(mount.uuid(), config);
    if (config.verified() && known != null) {
      return Optional.of(new Reached(config, known, genesys, Optional.empty()));
    }
    var context = new CallContext(Lane.ISSUE, deadline);
    return switch (genesys.directory().organization(context)) {
      case Failed<Organization>(var failure) ->
          throw Failures.refused(
              failure,
              "config was written without verification, so the organisation is asked for first");
      case Ok<Organization>(var learnt) -> {
        if (known != null && !known.isOrClaims(learnt.id())) {
          throw other(mount, known, learnt);
        }
        var check = new OrganizationCheck(storage, context);
        var organization = check.identify(learnt, config, Optional.of(config), genesys);
        if (known != null && !known.id().equals(organization.id())) {
          throw unproven(mount, known, config);
        }
        var verified = config.verifiedFor(organization);
        try (var _ = entryLocks.lock(mount.uuid(), "config")) {
          if (entry.get().filter(config::sameAs).isEmpty() || !check.holds()) {
            yield Optional.empty();
          }
          entry.put(verified);
        }
        yield Optional.of(new Reached(verified, organization, genesys, Optional.empty()));
      }
    };
  }

  /** Returns what to say where the configuration is another one than when Genesys was asked. */
  public static RefusedException changed() {
    return new RefusedException(
        503, "the mount's configuration changed during this request: try again");
  }

  private static RefusedException other(Mount mount, Organization known, Organization learnt) {
    return RefusedException.badInput(
        "config's credential belongs to organisation %s (%s), and this mount's clients live in %s (%s): write %sconfig with a client of the latter"
            .formatted(learnt.id(), learnt.name(), known.id(), known.name(), mount.path()));
  }

  private static RefusedException unproven(Mount mount, Organization known, MountConfig config) {
    return RefusedException.badInput(
        "%s says that it reaches organisation %s (%s), in which this mount's clients live, and does not know them: write %sconfig with their addresses"
            .formatted(config.endpoint().api(), known.id(), known.name(), mount.path()));
  }

  private static RefusedException notConfigured(Mount mount) {
    return RefusedException.badInput(
        "this mount is not configured: write %sconfig first".formatted(mount.path()));
  }
}
