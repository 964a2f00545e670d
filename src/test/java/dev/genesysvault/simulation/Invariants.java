package dev.genesysvault.simulation;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.network.Transport;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What must hold, whatever died and whenever. */
final class Invariants {
  private static final Map<String, String> ORGANIZATION_IDS =
      Map.of("a.test", Seed.ORGANIZATION_ID, "b.test", Seed.OTHER_ORGANIZATION_ID);

  /** How late the end of a client may be that somebody else's deadline has passed. */
  private static final Duration LATE = Duration.ofMinutes(30);

  private final SimulatedWorld world;
  private final Map<String, Map<String, Map<String, Object>>> foreign = new LinkedHashMap<>();

  Invariants(SimulatedWorld world) {
    this.world = world;
  }

  /**
   * Takes every client that there is now, and was not before, for one that is not to be touched.
   */
  void rememberForeign() {
    world
        .organizations()
        .forEach((domain, genesys) -> {
          var known = foreign.computeIfAbsent(domain, _ -> new TreeMap<>());
          genesys.clients().forEach(known::putIfAbsent);
        });
  }

  /** At any time: a credential whose lease is alive works, and may do what its role says. */
  Optional<String> checkLeased() {
    for (var lease : world.vault.alive()) {
      boolean works =
          world.organizations().values().stream()
              .anyMatch(genesys -> genesys.logsIn(lease.clientId, lease.clientSecret));
      if (lease.drained && !works) {
        continue;
      }
      if (!works) {
        return Optional.of("the credential of a living lease does not log in: " + lease);
      }
      var pairs = new ClientBody(shown(lease.clientId)).roleDivisions();
      if (!pairs.toString().equals("[" + SimulatedWorld.HELD_PAIR + "]")) {
        return Optional.of("the client of a living lease may do %s: %s".formatted(pairs, lease));
      }
    }
    return Optional.empty();
  }

  /** At any time: what an application was told to rely on works. */
  Optional<String> checkHeld() {
    for (var reader : world.statics.readers()) {
      if (!reader.clientId.isEmpty()
          && !reader.excused
          && !reader.mount.disabled
          && !logsIn(reader.clientId, reader.clientSecret)) {
        return Optional.of("a reader holds a dead credential: " + reader);
      }
    }
    return Optional.empty();
  }

  /**
   * At any time: each client that was imported is that of one static role, until it is its turn.
   */
  Optional<String> checkImported() {
    return world.vault.mounts().stream()
        .filter(mount -> !mount.disabled)
        .flatMap(mount -> Imports.check(mount, now()).stream())
        .findFirst();
  }

  /** At any time: a client of ours is deactivated before it is deleted. */
  Optional<String> checkDeletion(Transport.Request request) {
    if (!request.method().equals("DELETE")) {
      return Optional.empty();
    }
    var path = request.uri().getPath();
    var client = shown(path.substring(path.lastIndexOf('/') + 1));
    boolean ours = world.vault.mounts().stream().anyMatch(mount -> isOurs(client, mount.mark));
    return ours && "active".equals(client.get("state"))
        ? Optional.of("a client is deleted that was not deactivated: " + client)
        : Optional.empty();
  }

  Instant now() {
    return world.scheduler.now();
  }

  boolean logsIn(String clientId, String secret) {
    return world.organizations().values().stream()
        .anyMatch(genesys -> genesys.logsIn(clientId, secret));
  }

  /** Returns a client as Genesys shows it; empty where it is gone. */
  Map<String, Object> shown(String clientId) {
    return world.organizations().values().stream()
        .flatMap(genesys -> genesys.client(clientId).stream())
        .findFirst()
        .orElse(Map.of());
  }

  /** Once everything has settled; leases may be alive. */
  Optional<String> checkSettled() {
    return checkLeased()
        .or(this::checkHeld)
        .or(this::checkImported)
        .or(this::checkForeign)
        .or(this::checkIrrevocable)
        .or(this::checkRevoked)
        .or(this::checkDrained)
        .or(this::checkMounts);
  }

  /** Once every lease has ended and everything has settled. */
  Optional<String> checkEnded() {
    return checkSettled().or(this::checkNothingLeft);
  }

  private Optional<String> checkForeign() {
    for (var entry : foreign.entrySet()) {
      var now = world.organization(entry.getKey()).clients();
      for (var client : entry.getValue().entrySet()) {
        if (!client.getValue().equals(now.get(client.getKey()))) {
          return Optional.of(
              "a client that is not ours was touched: %s was %s and is %s"
                  .formatted(client.getKey(), client.getValue(), now.get(client.getKey())));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> checkIrrevocable() {
    return world.vault.leases().stream()
        .filter(lease -> lease.state == SimulatedLease.State.IRREVOCABLE)
        .filter(lease -> !lease.excused && !lease.mount.strict)
        .findFirst()
        .map(lease -> "an irrevocable " + lease + ": " + lease.lastError);
  }

  /**
   * The client of a lease that Vault has revoked, or asked to, is gone, and does not wait for its
   * deadline.
   */
  private Optional<String> checkRevoked() {
    return world.vault.leases().stream()
        .filter(lease -> lease.state == SimulatedLease.State.GONE || lease.asked)
        .filter(lease -> !lease.mount.disabled)
        .filter(lease ->
            world.organizations().values().stream()
                .anyMatch(genesys -> genesys.client(lease.clientId).isPresent()))
        .findFirst()
        .map(lease -> "the client of a revoked lease is left: " + lease);
  }

  /** What a drain has begun to end is ended, although it was called off. */
  private Optional<String> checkDrained() {
    return world.vault.alive().stream()
        .filter(lease -> lease.drained)
        .filter(lease -> !logsIn(lease.clientId, lease.clientSecret))
        .filter(lease -> !shown(lease.clientId).isEmpty())
        .findFirst()
        .map(lease -> "a drain did not end what it began to: " + lease);
  }

  private Optional<String> checkMounts() {
    for (var mount : world.vault.mounts()) {
      var violation =
          mount.disabled
              ? checkDisabled(mount)
              : checkRecords(mount)
                  .or(() -> checkOwners(mount))
                  .or(() -> StaticInvariants.check(mount, this, world.elsewhere))
                  .or(() -> HistoryInvariants.check(mount, this))
                  .or(() -> checkMarks(mount));
      if (violation.isPresent()) {
        return violation;
      }
    }
    return Optional.empty();
  }

  private Optional<String> checkMarks(SimulatedMount mount) {
    return world.organizations().values().stream()
        .flatMap(genesys -> StaticInvariants.checkMarks(mount, genesys).stream())
        .findFirst();
  }

  private Optional<String> checkDisabled(SimulatedMount mount) {
    for (var genesys : world.organizations().values()) {
      for (var client : ours(genesys, mount.mark).entrySet()) {
        var name = String.valueOf(client.getValue().get("name"));
        var its =
            world.vault.leases().stream()
                .filter(lease -> lease.clientId.equals(client.getKey()))
                .toList();
        // A revoke of a mount that is being disabled may not be left for later.
        boolean revokedAtLast = its.stream().anyMatch(lease -> lease.revokedAtLast);
        boolean revoked = its.stream().anyMatch(lease -> lease.state == SimulatedLease.State.GONE);
        boolean told =
            mount.leftBehind.stream()
                .filter(warning -> names(warning, name))
                // Whoever reads that waits for a revoke that does not come.
                .anyMatch(warning -> !revoked || !warning.contains("is handed out"));
        if ("active".equals(client.getValue().get("state")) && (revokedAtLast || !told)) {
          return Optional.of(
              "a living client outlived its mount %s: %s".formatted(mount, client.getValue()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean names(String warning, String client) {
    return Stream.of("journal/", "clients/", "-")
        .anyMatch(prefix -> warning.contains(prefix + keyOf(client)));
  }

  /** Where nothing goes wrong, no client outlives its mount, told or not. */
  Optional<String> checkOutlived(SimulatedMount mount) {
    return world.organizations().values().stream()
        .flatMap(genesys -> ours(genesys, mount.mark).values().stream())
        .filter(client -> mount.disabled && "active".equals(client.get("state")))
        .findFirst()
        .map(client -> "a client outlived its mount %s for nothing: %s".formatted(mount, client));
  }

  /** A client's name ends in the key of its record and the number of the attempt. */
  private static String keyOf(String name) {
    var parts = name.toLowerCase(Locale.ROOT).split("-", -1);
    return parts[parts.length - 2];
  }

  /** Genesys may keep the name otherwise than it was sent. */
  static boolean isNamed(String shown, ClientName name) {
    return shown.equalsIgnoreCase(name.value())
        || (name.value().contains("-")
            && shown.contains("-")
            && keyOf(shown).equals(keyOf(name.value()))
            && shown.endsWith(attemptOf(name.value())));
  }

  private static String attemptOf(String name) {
    return name.substring(name.lastIndexOf('-'));
  }

  /** Every client that carries our mark has a record. */
  private Optional<String> checkOwners(SimulatedMount mount) {
    var records = records(mount);
    for (var organization : world.organizations().entrySet()) {
      for (var client : ours(organization.getValue(), mount.mark).entrySet()) {
        var name = String.valueOf(client.getValue().get("name"));
        boolean owned =
            records.values().stream()
                .anyMatch(record ->
                    record.organizationId().equals(ORGANIZATION_IDS.get(organization.getKey()))
                        && record.names().stream().anyMatch(known -> isNamed(name, known)));
        if (!owned && !StaticInvariants.owns(mount, name)) {
          return Optional.of("a client without an owner: " + client.getValue());
        }
      }
    }
    return Optional.empty();
  }

  /** Every record has a client, but for those that may still turn up. */
  private Optional<String> checkRecords(SimulatedMount mount) {
    for (var entry : records(mount).entrySet()) {
      var record = entry.getValue();
      var violation =
          Optional.ofNullable(record.clientId())
              .map(id -> checkRecordOf(entry.getKey(), record, id))
              .orElseGet(() -> checkRecordWithoutClient(entry.getKey(), record));
      if (violation.isPresent()) {
        return violation;
      }
    }
    var journal = mount.storage.keys("journal/");
    return journal.isEmpty()
        ? Optional.empty()
        : Optional.of("the journal is not taken over: " + journal);
  }

  private Optional<String> checkRecordOf(String key, ClientRecord record, ClientId id) {
    var deadline = record.deadline();
    if (deadline != null && deadline.plus(LATE).isBefore(world.scheduler.now())) {
      return Optional.of("a record past its deadline: %s %s".formatted(key, shown(record)));
    }
    // Whoever took the client away may have died before the record; its deadline will tell.
    boolean handedOut = record.state() == ClientRecord.State.ISSUED;
    boolean exists =
        world.organizations().entrySet().stream()
            .anyMatch(organization ->
                record.organizationId().equals(ORGANIZATION_IDS.get(organization.getKey()))
                    && organization.getValue().client(id.value()).isPresent());
    return exists || handedOut
        ? Optional.empty()
        : Optional.of("a record without a client: %s %s".formatted(key, shown(record)));
  }

  private Optional<String> checkRecordWithoutClient(String key, ClientRecord record) {
    var latest =
        record
            .attempted()
            .plus(world.delays.longestRequest())
            .plus(world.delays.visibility())
            .plus(LATE);
    return latest.isBefore(world.scheduler.now())
        ? Optional.of("a record of nothing: %s %s".formatted(key, shown(record)))
        : Optional.empty();
  }

  private Optional<String> checkNothingLeft() {
    for (var mount : world.vault.mounts()) {
      var records = records(mount);
      if (!records.isEmpty()) {
        var first = records.entrySet().iterator().next();
        return Optional.of(
            "a record is left: %s %s".formatted(first.getKey(), shown(first.getValue())));
      }
      for (var genesys : world.organizations().values()) {
        var left = ours(genesys, mount.mark);
        if (!left.isEmpty() && !mount.disabled) {
          return Optional.of("clients are left: " + left.values());
        }
      }
    }
    return Optional.empty();
  }

  private static String shown(ClientRecord record) {
    return "%s of %s named %s, attempted %s, deadline %s, error \"%s\""
        .formatted(
            record.state(),
            record.clientId(),
            record.names(),
            record.attempted(),
            record.deadline(),
            record.lastError());
  }

  static boolean isOurs(Map<String, Object> client, String mark) {
    var name = String.valueOf(client.get("name")).toLowerCase(Locale.ROOT);
    return !mark.isEmpty() && name.contains("-" + mark + "-");
  }

  private static Map<String, Map<String, Object>> ours(SimulatedGenesys genesys, String mark) {
    var ours = new TreeMap<String, Map<String, Object>>();
    genesys
        .clients()
        .forEach((id, client) -> {
          if (isOurs(client, mark)) {
            ours.put(id, client);
          }
        });
    return ours;
  }

  static Map<String, StaticCredential> credentials(SimulatedMount mount) {
    return documents(
        mount, "static-creds/", StaticCredential.class, MountStorage::staticCredentials);
  }

  static StaticRole role(SimulatedMount mount, String name) {
    return Optional.ofNullable(
            documents(mount, "static-roles/", StaticRole.class, MountStorage::staticRoles)
                .get(name))
        .orElseThrow();
  }

  static Map<String, ClientRecord> records(SimulatedMount mount) {
    return documents(mount, "clients/", ClientRecord.class, MountStorage::clients);
  }

  static <T> Map<String, T> documents(
      SimulatedMount mount, String prefix, Class<T> type, Function<MountStorage, Folder<T>> kind) {
    var folder = kind.apply(new MountStorage(mount.storage.bare()));
    var documents = new TreeMap<String, T>();
    for (var key : mount.storage.keys(prefix)) {
      var name = key.substring(prefix.length());
      documents.put(name, type.cast(mount.storage.document(key, () -> read(folder, name))));
    }
    return documents;
  }

  private static <T> T read(Folder<T> folder, String name) {
    try {
      return folder.entry(name).get().orElseThrow();
    } catch (InterruptedException e) {
      throw new IllegalStateException("bare storage does not wait", e);
    }
  }
}
