package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.upstream.Events;
import dev.genesysvault.upstream.FoundClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which clients that readers of static roles hold were last seen gone or inactive at Genesys, by
 * whichever look: the present one of a role, and the one before as long as its grace lasts. In
 * memory, and not looked for by itself.
 */
public final class PresentClients {
  /** Of more, nothing is noted: what is not known is looked at again. */
  private static final int MOST_SEEN = 100_000;

  private final String mountUuid;
  private final RotationQueue queue;
  private final Locks.Monitor monitor;

  /** By role, and by client: no more than the two that readers may hold. */
  private final Map<String, Map<ClientId, String>> byRole = new HashMap<>();

  /** What operators were told last of a client of a role, whichever session it was. */
  private final Map<String, Map<ClientId, String>> told = new HashMap<>();

  /** Roles whose present client was seen well since this knows anything, or is a new one. */
  private final Set<String> seenWell = new HashSet<>();

  /** Makes one of a mount that knows of nothing. */
  public PresentClients(String mountUuid, RotationQueue queue, Locks locks) {
    this.mountUuid = mountUuid;
    this.queue = queue;
    this.monitor = locks.monitor();
  }

  /**
   * Takes note of a look at a client that may be one of a static role's, and tells operators of one
   * that is dead, once. Which role's it is is known while the mount's session is open.
   */
  public void saw(ClientId id, Outcome<FoundClient> look, Events events)
      throws InterruptedException {
    for (var role : queue.all()) {
      if (role.summary().handsOut(id)) {
        saw(role.name(), id, look, events);
      }
    }
  }

  /** As {@link #saw(ClientId, Outcome, Events)}, of a client that this role hands out. */
  public void saw(String role, ClientId id, Outcome<FoundClient> look, Events events)
      throws InterruptedException {
    switch (look) {
      case Ok<FoundClient>(var found) when found.deleted() -> dead(role, id, "is deleted", events);
      case Ok<FoundClient>(var found) when found.body().text("state").equals("inactive") ->
          dead(role, id, "is inactive", events);
      case Ok<FoundClient> _ -> well(role, id);
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          dead(role, id, "is gone", events);
      case Failed<FoundClient> _ -> {
        // Nothing was seen.
      }
    }
  }

  /** Forgets what was seen, and not what was told of it. */
  void forget() {
    monitor.run(() -> {
      byRole.clear();
      seenWell.clear();
    });
  }

  /** Takes note that readers get another client from now on, or that there is no role. */
  void changed(String role) {
    monitor.run(() -> {
      byRole.remove(role);
      told.remove(role);
      seen(role);
    });
  }

  private void well(String role, ClientId id) {
    boolean present =
        queue.of(role).filter(it -> it.summary().clientId().equals(id.value())).isPresent();
    monitor.run(() -> {
      if (present) {
        seen(role);
      }
      told.getOrDefault(role, new HashMap<>()).remove(id);
      var dead = byRole.getOrDefault(role, new HashMap<>());
      dead.remove(id);
      if (dead.isEmpty()) {
        byRole.remove(role);
      }
    });
  }

  private void dead(String role, ClientId id, String state, Events events)
      throws InterruptedException {
    var summary = queue.of(role).map(RoleSnapshot::summary);
    boolean former = summary.map(RoleSummary::formerId).filter(id.value()::equals).isPresent();
    var why =
        former
            ? "client %s, which readers may hold until its grace is over, %s at Genesys, by somebody else's hand: they log in again once they have read static-creds/%s again"
                .formatted(id, state, role)
            : "client %s %s at Genesys, by somebody else's hand, so that it does not log in: write rotate-role/%s for another one, or activate it again"
                .formatted(id, state, role);
    boolean known =
        monitor.get(() -> {
          var dead = byRole.computeIfAbsent(role, _ -> new HashMap<>());
          var before = told.computeIfAbsent(role, _ -> new HashMap<>());
          summary.ifPresent(now -> {
            dead.keySet().removeIf(other -> !now.handsOut(other));
            before.keySet().removeIf(other -> !now.handsOut(other));
          });
          dead.put(id, why);
          return why.equals(before.put(id, why));
        });
    if (!known) {
      new RotationReports(mountUuid, events).clientError(role, id, why);
    }
  }

  /**
   * Returns why a client of a role does not log in, with what to do; empty where nobody knows of
   * that.
   *
   * @param clientId of the present client, or of one in its grace
   */
  public Optional<String> trouble(String role, String clientId) {
    return clientId.isEmpty()
        ? Optional.empty()
        : monitor.get(() ->
            Optional.ofNullable(byRole.getOrDefault(role, Map.of()).get(new ClientId(clientId))));
  }

  /** Returns why what readers of a role hold does not log in: the present client first. */
  public Optional<String> trouble(String role, RoleSummary summary) {
    return trouble(role, summary.clientId()).or(() -> trouble(role, summary.formerId()));
  }

  private void seen(String role) {
    if (seenWell.size() < MOST_SEEN) {
      seenWell.add(role);
    }
  }

  /** Returns why the present clients of roles do not log in, by role. */
  public Map<String, String> gone() {
    var roles = monitor.get(() -> Map.copyOf(byRole)).keySet();
    var gone = new HashMap<String, String>();
    for (var role : roles) {
      queue
          .of(role)
          .flatMap(it -> trouble(role, it.summary().clientId()))
          .ifPresent(why -> gone.put(role, why));
    }
    return gone;
  }

  /** Whether the present client of a role was seen well, or has become the present one. */
  public boolean seenWell(String role) {
    return monitor.get(() -> seenWell.contains(role));
  }

  /** Returns of how many roles that do well otherwise readers hold what does not log in. */
  public long failing() {
    var roles = monitor.get(() -> Map.copyOf(byRole)).keySet();
    return roles.stream()
        .flatMap(role -> queue.of(role).stream())
        .filter(role -> role.lastError().isEmpty())
        .filter(role -> trouble(role.name(), role.summary()).isPresent())
        .count();
  }
}
