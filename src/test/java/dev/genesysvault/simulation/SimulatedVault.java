package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Vault, as far as a secrets engine sees it: requests, leases that expire and are revoked with six
 * attempts, mounts that are disabled. What it stores survives its death; what it was doing does
 * not.
 */
final class SimulatedVault implements Outside {
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(90);
  private static final Duration REVOKE_BASE = Duration.ofSeconds(10);
  private static final int MOST_ATTEMPTS = 6;
  private static final Duration PLUGIN_STARTS_AFTER = Duration.ofMillis(100);
  private static final Duration VAULT_STARTS_AFTER = Duration.ofSeconds(5);

  /** Vault has each mount rolled back once a minute. */
  private static final Duration TICK = Duration.ofMinutes(1);

  private static final String PLUGIN_DIED = "EOF";
  private static final String TIMED_OUT = "context deadline exceeded";

  private final Scheduler scheduler;
  private final SidecarHost sidecars;
  private final SplittableRandom fate;
  private final List<SimulatedMount> mounts = new ArrayList<>();
  private final List<SimulatedLease> leases = new ArrayList<>();
  private final List<SimulatedTask> awaitingPlugin = new ArrayList<>();

  /** In percent, how often Vault sends a request again whose plugin process died. */
  int replays;

  /** In percent, how often a lease that came back cannot be registered. */
  int registrationFailures;

  private int lives;
  private int pluginLives;
  private SimulatedProcess process;
  private SimulatedPlugin plugin;

  SimulatedVault(Scheduler scheduler, SidecarHost sidecars, SplittableRandom fate) {
    this.scheduler = scheduler;
    this.sidecars = sidecars;
    this.fate = fate;
    this.process = newProcess();
    this.plugin = newPlugin();
  }

  private SimulatedProcess newProcess() {
    return new SimulatedProcess(scheduler, "vault-" + ++lives);
  }

  /** Vault starts another one whenever one has died. */
  private SimulatedPlugin newPlugin() {
    var its = process;
    var made = new SimulatedProcess(scheduler, "plugin-" + ++pluginLives);
    made.whenDead(() ->
        scheduler.happens(
            "plugin starts",
            PLUGIN_STARTS_AFTER,
            () -> {
              if (!its.dead()) {
                startPlugin();
              }
            }));
    return new SimulatedPlugin(scheduler, made, its, sidecars);
  }

  /** Mounts an engine and opens its background session. */
  void enable(SimulatedMount mount) {
    mounts.add(mount);
    plugin.attend(mount);
  }

  List<SimulatedMount> mounts() {
    return mounts;
  }

  List<SimulatedLease> leases() {
    return leases;
  }

  /** Returns how often its process, or the plugin's, has begun. */
  int begun() {
    return lives + pluginLives;
  }

  SimulatedProcess process() {
    return process;
  }

  @Override
  public void killPlugin() {
    plugin.process.kill();
  }

  private void startPlugin() {
    plugin = newPlugin();
    for (var mount : mounts) {
      mount.storage.pluginBegins();
      if (!mount.disabled) {
        plugin.attend(mount);
      }
    }
    awaitingPlugin.forEach(scheduler::wake);
  }

  @Override
  public void killVault() {
    if (process.dead()) {
      return;
    }
    process.kill();
    plugin.process.kill();
    scheduler.happens("vault starts", VAULT_STARTS_AFTER, this::restart);
  }

  /** Vault reads its leases again; how often it had tried to revoke one is forgotten. */
  private void restart() {
    process = newProcess();
    startPlugin();
    for (var lease : leases) {
      lease.attempts = 0;
      lease.beingRevoked = false;
      switch (lease.state) {
        case ALIVE -> watch(lease);
        case REVOKING -> beginRevocation(lease);
        case IRREVOCABLE, GONE -> {}
      }
    }
  }

  /**
   * Has a request served, from a task outside of Vault.
   *
   * @return empty when Vault itself died
   */
  Optional<Answer> request(SimulatedMount mount, Call call) throws InterruptedException {
    return inside(call.toString(), () -> serve(mount, call));
  }

  private <T> Optional<T> inside(String name, RemoteCall.Work<T> work) throws InterruptedException {
    return RemoteCall.call(scheduler, process, name, null, work)
            instanceof RemoteCall.Outcome.Returned<T>(var value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** In a task of Vault. */
  private Answer serve(SimulatedMount mount, Call call) throws InterruptedException {
    if (mount.disabled || (mount.tainted && !revokesOrRollsBack(call))) {
      return new Answer.Unanswered("no handler for route");
    }
    int drains = mount.drains;
    var answer = byPlugin(mount, call);
    if (answer instanceof Answer.OfSidecar(Reply.Content content)
        && call.operation() == Operation.READ
        && content.secret().isPresent()) {
      return leased(mount, call, content, content.secret().get(), drains);
    }
    return answer;
  }

  private static boolean revokesOrRollsBack(Call call) {
    return call.operation() == Operation.REVOKE || call.operation() == Operation.ROLLBACK;
  }

  /** Where the plugin's process dies, Vault may start another one and ask again. */
  private Answer byPlugin(SimulatedMount mount, Call call) throws InterruptedException {
    boolean again = fate.nextInt(100) < replays;
    for (int attempt = 1; ; attempt++) {
      var present = awaitPlugin();
      var outcome =
          RemoteCall.call(
              scheduler,
              present.process,
              call.toString(),
              REQUEST_LIMIT,
              () ->
                  call.operation() == Operation.REVOKE
                      ? present.revoke(mount, call, REQUEST_LIMIT)
                      : present.serve(mount, call, REQUEST_LIMIT));
      switch (outcome) {
        case RemoteCall.Outcome.Returned<Answer>(var answer) -> {
          return answer;
        }
        case RemoteCall.Outcome.TimedOut<Answer> _ -> {
          return new Answer.Unanswered(TIMED_OUT);
        }
        case RemoteCall.Outcome.Broken<Answer> _ -> {
          if (!again || attempt > 1) {
            return new Answer.Unanswered(PLUGIN_DIED);
          }
        }
      }
    }
  }

  private SimulatedPlugin awaitPlugin() throws InterruptedException {
    var me = scheduler.me();
    awaitingPlugin.add(me);
    try {
      while (plugin.process.dead()) {
        scheduler.block("a plugin", null, true);
      }
      return plugin;
    } finally {
      awaitingPlugin.remove(me);
    }
  }

  private Answer leased(
      SimulatedMount mount, Call call, Reply.Content content, Reply.LeasedSecret secret, int drains)
      throws InterruptedException {
    // Vault does much between the plugin's answer and the lease, and may die meanwhile.
    scheduler.point();
    var now = scheduler.now();
    var lease =
        new SimulatedLease(
            leases.size() + 1,
            mount,
            String.valueOf(call.captures().get("name")),
            secret.type(),
            Json.read(Json.write(secret.internalData())),
            String.valueOf(content.data().get("client_id")),
            String.valueOf(content.data().get("client_secret")),
            now,
            now.plus(secret.ttl()),
            secret.maxTtl());
    if (fate.nextInt(100) < registrationFailures) {
      scheduler.trace("vault", "cannot register " + lease + ", which it revokes at once");
      var _ = byPlugin(mount, Call.onLease(Operation.REVOKE, lease, Duration.ZERO));
      return new Answer.NotRegistered();
    }
    lease.drained = mount.draining || mount.drains != drains;
    leases.add(lease);
    scheduler.trace("vault", "registers " + lease);
    watch(lease);
    return new Answer.OfSidecar(content);
  }

  private void watch(SimulatedLease lease) {
    var its = process;
    scheduler.happens(
        "lease " + lease.number + " may have expired",
        Duration.between(scheduler.now(), lease.expires),
        () -> {
          if (its.dead() || lease.state != SimulatedLease.State.ALIVE) {
            return;
          }
          if (lease.alive(scheduler.now())) {
            watch(lease);
          } else {
            beginRevocation(lease);
          }
        });
  }

  /** Renews a lease; says whether Vault did. */
  boolean renew(SimulatedLease lease, Duration increment) throws InterruptedException {
    return inside("renew " + lease.number, () -> renewed(lease, increment)).orElse(false);
  }

  private boolean renewed(SimulatedLease lease, Duration increment) throws InterruptedException {
    if (!lease.alive(scheduler.now()) || lease.mount.tainted) {
      return false;
    }
    var answer = byPlugin(lease.mount, Call.onLease(Operation.RENEW, lease, increment));
    if (!(answer instanceof Answer.OfSidecar(Reply.Content content))
        || content.secret().isEmpty()
        || lease.state != SimulatedLease.State.ALIVE) {
      return false;
    }
    var secret = content.secret().get();
    var wished = increment.compareTo(secret.ttl()) > 0 ? increment : secret.ttl();
    var end = scheduler.now().plus(wished);
    var last = lease.issued.plus(lease.maxTtl);
    lease.expires = end.isBefore(last) ? end : last;
    scheduler.trace("vault", "renewed " + lease);
    return true;
  }

  /** Revokes a lease as {@code vault lease revoke} does: soon, and again until it worked. */
  void revoke(SimulatedLease lease) throws InterruptedException {
    var _ =
        inside(
            "revoke " + lease.number,
            () -> {
              if (lease.state == SimulatedLease.State.ALIVE) {
                beginRevocation(lease);
              }
              return true;
            });
  }

  /** Revokes a lease as {@code vault lease revoke -sync} does, where nobody repeats it. */
  void revokeOnlyOnce(SimulatedLease lease) throws InterruptedException {
    var _ =
        inside(
            "revoke only once " + lease.number,
            () -> {
              lease.state = SimulatedLease.State.REVOKING;
              if (!revokeOnce(lease)) {
                lease.state = SimulatedLease.State.IRREVOCABLE;
              }
              return true;
            });
  }

  private void beginRevocation(SimulatedLease lease) {
    lease.state = SimulatedLease.State.REVOKING;
    lease.beingRevoked = true;
    var _ =
        process.start(
            "revoke-lease-" + lease.number,
            () -> {
              try {
                revokeUntilDone(lease);
              } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a revocation", e);
              }
            });
  }

  private void revokeUntilDone(SimulatedLease lease) throws InterruptedException {
    while (lease.state == SimulatedLease.State.REVOKING) {
      if (revokeOnce(lease) || lease.state != SimulatedLease.State.REVOKING) {
        return;
      }
      if (++lease.attempts >= MOST_ATTEMPTS) {
        lease.state = SimulatedLease.State.IRREVOCABLE;
        scheduler.trace("vault", "gives up " + lease);
        return;
      }
      long wait = REVOKE_BASE.toMillis() << lease.attempts;
      scheduler.sleep(Duration.ofMillis(wait / 2 + fate.nextLong(wait)));
    }
  }

  private boolean revokeOnce(SimulatedLease lease) throws InterruptedException {
    long before = lease.mount.storage.failures();
    boolean tainted = lease.mount.tainted;
    var answer = byPlugin(lease.mount, Call.onLease(Operation.REVOKE, lease, Duration.ZERO));
    if (answer.success()) {
      lease.state = SimulatedLease.State.GONE;
      lease.revokedAtLast = tainted;
      scheduler.trace("vault", "revoked " + lease);
      return true;
    }
    boolean pluginDied = answer instanceof Answer.Unanswered(var why) && why.equals(PLUGIN_DIED);
    // Whom no sidecar answers writes it down, unless the mount may be wiped.
    boolean known =
        answer instanceof Answer.OfSidecar
            || !(pluginDied || timedOut(answer) || tainted || lease.mount.tainted);
    lease.asked |= known && lease.mount.storage.failures() == before;
    lease.excused |= pluginDied || lease.mount.storage.failures() > before;
    lease.lastError = answer.toString();
    scheduler.trace("vault", "could not revoke " + lease + ": " + answer);
    return false;
  }

  private static boolean timedOut(Answer answer) {
    return answer instanceof Answer.Unanswered(var why) && why.equals(TIMED_OUT);
  }

  /** Disables a mount; says whether Vault did. */
  boolean disable(SimulatedMount mount) throws InterruptedException {
    return inside("disable " + mount.path, () -> disabled(mount)).orElse(false);
  }

  private boolean disabled(SimulatedMount mount) throws InterruptedException {
    scheduler.trace("vault", "disables " + mount);
    if (!emptied(mount)) {
      return false;
    }
    plugin.cleanUp(mount);
    mount.disabled = true;
    mount.storage.wipe();
    return true;
  }

  /** Taints a mount, rolls back, and revokes every lease; says whether that worked. */
  private boolean emptied(SimulatedMount mount) throws InterruptedException {
    mount.tainted = true;
    var rolledBack = byPlugin(mount, Call.rollback());
    scheduler.trace("vault", "rolled back: " + rolledBack);
    // What was said once since the taint is not said again.
    mount.leftBehind.addAll(
        switch (rolledBack) {
          case Answer.OfSidecar(Reply.Content content) -> content.warnings();
          case Answer.OfSidecar(Reply.Nothing _) -> List.of();
          default -> named(mount);
        });
    for (var lease : List.copyOf(leases)) {
      boolean its = lease.mount == mount && lease.state != SimulatedLease.State.GONE;
      if (its && !revokeAtOnce(lease)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Moves a mount, which begins as a disabling does; says whether Vault did. Where it did not, the
   * mount stays as it is, tainted, until somebody moves it.
   */
  boolean move(SimulatedMount mount, String path) throws InterruptedException {
    return inside("move " + mount.path, () -> moved(mount, path)).orElse(false);
  }

  private boolean moved(SimulatedMount mount, String path) throws InterruptedException {
    scheduler.trace("vault", "moves " + mount + " to " + path);
    if (!emptied(mount)) {
      return false;
    }
    mount.path = path;
    mount.tainted = false;
    mount.leftBehind.clear();
    scheduler.happens("vault ticks", TICK, plugin::news);
    return true;
  }

  /** What the plugin knows by itself where the sidecar did not drain the mount. */
  private static List<String> named(SimulatedMount mount) {
    return Stream.of("journal/", "clients/")
        .flatMap(prefix -> mount.storage.keys(prefix).stream())
        .toList();
  }

  private boolean revokeAtOnce(SimulatedLease lease) throws InterruptedException {
    lease.state = SimulatedLease.State.REVOKING;
    if (revokeOnce(lease)) {
      return true;
    }
    if (!lease.beingRevoked) {
      beginRevocation(lease);
    }
    return false;
  }

  /** Returns the leases whose credentials must work now. */
  List<SimulatedLease> alive() {
    Instant now = scheduler.now();
    return leases.stream().filter(lease -> lease.alive(now)).toList();
  }
}
