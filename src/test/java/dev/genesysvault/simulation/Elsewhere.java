package dev.genesysvault.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.network.Transport;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.PlayedKv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Two Vaults of somebody else, whose KV engines are destinations of static roles: rotations wait
 * for {@code required}, and for {@code other} where that is wanted; else it is caught up. Whoever
 * reads there obeys nothing: what an entry of the first one holds has to log in at every moment.
 */
final class Elsewhere implements SimulatedNetwork.Others {
  /** What their destinations are called, and the first word of their hosts. */
  static final List<String> NAMES = List.of("required", "other");

  private static final String INTEGRATION = "integration";
  private static final String DOMAIN = ".vault.test";
  private static final String KV_DATA = "/v1/secret/data/";

  private final SimulatedWorld world;
  private final Map<String, PlayedKv> byName = new LinkedHashMap<>();
  private final SecretsElsewhere secrets;

  /** Roles of which somebody said that a credential leaked, with their mount. */
  private final Set<String> leaked = new HashSet<>();

  Elsewhere(SimulatedWorld world) {
    this.world = world;
    this.secrets = new SecretsElsewhere(world);
    NAMES.forEach(name -> byName.put(name, new PlayedKv(new HostClock(world.scheduler))));
  }

  private PlayedKv of(String name) {
    return Objects.requireNonNull(byName.get(name));
  }

  /** Answers a request for one of them; empty where its host is somebody else's. */
  @Override
  public Optional<Transport.Reply> answer(Transport.Request request) {
    var host = request.uri().getHost();
    if (SecretsElsewhere.owns(host)) {
      return Optional.of(answer(secrets.transport(), request));
    }
    if (!host.endsWith(DOMAIN)) {
      return Optional.empty();
    }
    var vault = vaultOf(host);
    var reply = answer(vault, request);
    vault.forgetRequests();
    return Optional.of(reply);
  }

  private PlayedKv vaultOf(String host) {
    return of(host.substring(0, host.length() - DOMAIN.length()));
  }

  @Override
  public boolean keeps(Transport.Request request) {
    return SecretsElsewhere.keeps(request)
        || (request.uri().getHost().endsWith(DOMAIN)
            && request.method().equals("POST")
            && request.uri().getPath().startsWith(KV_DATA));
  }

  /** A Vault forgets what it took, as one would that is restored from before; AWS garbles it. */
  @Override
  public Transport.Reply answerAndLose(Transport.Request request) {
    if (SecretsElsewhere.keeps(request)) {
      return answer(SecretsElsewhere.garbled(request)).orElseThrow();
    }
    var reply = answer(request).orElseThrow();
    if (reply.status() == 200) {
      vaultOf(request.uri().getHost())
          .engine()
          .loseLatest(request.uri().getPath().substring(KV_DATA.length()));
    }
    return reply;
  }

  private static Transport.Reply answer(Transport who, Transport.Request request) {
    var replies = new Transport.Reply[1];
    try {
      who.exchange(
          request,
          (head, body) ->
              replies[0] = new Transport.Reply(head.status(), head.headers(), body.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts it", e);
    }
    return replies[0];
  }

  /**
   * Configures both as destinations of a mount, whatever it takes, for static roles from now on.
   *
   * @param both whether rotations wait for both
   */
  void use(SimulatedMount mount, boolean both) throws InterruptedException {
    for (var name : NAMES) {
      var fields = new LinkedHashMap<String, Object>(of(name).settings());
      fields.put("kind", "vault_kv");
      fields.put("address", "https://" + name + DOMAIN);
      fields.put("required", both || name.equals("required"));
      fields.put("on_delete", name.equals("required") ? "delete" : "keep");
      use(mount, name, fields);
    }
  }

  private void use(SimulatedMount mount, String name, Map<String, Object> fields)
      throws InterruptedException {
    world.until(
        "destination " + name,
        () -> world.write(mount, "destinations/name", Map.of("name", name), fields));
    mount.destinations.add(name);
  }

  /**
   * Has what an integration of the organisation logs in with be one that rotations wait for; the
   * mount has one static role alone then.
   */
  void useIntegration(SimulatedMount mount) throws InterruptedException {
    use(mount, INTEGRATION, Map.of("kind", "integration_credential"));
  }

  /** Has secrets be what rotations wait for, whose former versions readers can reach. */
  void useSecrets(SimulatedMount mount) throws InterruptedException {
    use(mount, SecretsElsewhere.NAME, secrets.fields());
  }

  /** Returns what a static role of a mount says of its destinations. */
  static List<Map<String, Object>> entries(SimulatedMount mount, String role) {
    return mount.destinations.stream()
        .map(name ->
            Map.<String, Object>of(
                "destination",
                name,
                "name",
                name.equals(INTEGRATION) ? Seed.CREDENTIAL_ID : entry(mount, role)))
        .toList();
  }

  /** Mounts have roles of the same names. */
  private static String entry(SimulatedMount mount, String role) {
    return mount.uuid.replace("/", "") + "/" + role;
  }

  /** Seals one, or unseals it. */
  void seal(String name, boolean sealed) {
    world.scheduler.trace("elsewhere", name + (sealed ? " is sealed" : " is unsealed"));
    of(name).seal(sealed);
  }

  /** Has both do well. */
  void calm() {
    byName.values().forEach(vault -> vault.seal(false));
  }

  /** Takes note that somebody said so: who reads elsewhere may hold a dead credential. */
  void leaked(SimulatedMount mount, String role) {
    leaked.add(entry(mount, role));
  }

  /** At any time: what readers find where rotations wait for it logs in. */
  Optional<String> check() {
    for (var mount : world.vault.mounts()) {
      if (mount.disabled || mount.draining || mount.drained.isPresent()) {
        continue;
      }
      for (var name : mount.destinations) {
        var dead = name.equals("other") ? Optional.<String>empty() : dead(mount, name);
        if (dead.isPresent()) {
          return dead;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> dead(SimulatedMount mount, String name) {
    for (var each : Invariants.credentials(mount).entrySet()) {
      var entry = entry(mount, each.getKey());
      if (!leaked.contains(entry) && relied(each.getValue(), name)) {
        var dead = dead(name, entry);
        if (dead.isEmpty() && name.equals(SecretsElsewhere.NAME)) {
          dead = secrets.checkGrace(entry, each.getValue());
        }
        if (dead.isPresent()) {
          return dead;
        }
      }
    }
    return Optional.empty();
  }

  /** Whether it was sent there by this role, and not by one of that name before. */
  private static boolean relied(StaticCredential credential, String name) {
    return credential.phase() != Phase.DELETING
        && credential.current() != null
        && credential.deliveries().stream()
            .anyMatch(
                delivery -> delivery.destination().equals(name) && !delivery.version().isEmpty());
  }

  private Optional<String> dead(String name, String entry) {
    var held = held(name, entry);
    var id = held.getOrDefault("client_id", "");
    return world.invariants.logsIn(id, held.getOrDefault("client_secret", ""))
        ? Optional.empty()
        : Optional.of("a dead credential is at %s of %s: %s".formatted(entry, name, id));
  }

  /** Returns what is there, as readers of the mount would call it; empty for nothing. */
  private Map<String, String> held(String name, String entry) {
    if (name.equals(INTEGRATION)) {
      var fields = world.organization("a.test").integrationCredential(Seed.CREDENTIAL_ID);
      return Map.of(
          "client_id", String.valueOf(fields.get("clientId")),
          "client_secret", String.valueOf(fields.get("clientSecret")));
    }
    if (name.equals(SecretsElsewhere.NAME)) {
      return secrets.held(entry);
    }
    return of(name).engine().held(entry).map(Elsewhere::fields).orElse(Map.of());
  }

  /** Once everything has settled: each entry holds what readers of the mount get. */
  Optional<String> checkSettled(SimulatedMount mount) {
    for (var each : Invariants.credentials(mount).entrySet()) {
      var current = each.getValue().current();
      for (var delivery : each.getValue().deliveries()) {
        var wrong =
            current == null
                ? Optional.<String>empty()
                : wrong(delivery, current.credential().orElseThrow().id().value());
        var kept =
            current != null && delivery.destination().equals(SecretsElsewhere.NAME)
                ? wrong.or(() -> secrets.checkSettled(delivery.entry()))
                : wrong;
        if (kept.isPresent()) {
          return kept;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> wrong(Delivery delivery, String client) {
    var held = held(delivery.destination(), delivery.entry());
    var id = held.getOrDefault("client_id", "");
    if (held.containsKey("login_url")) {
      world.secretHosts.handedOut(held);
    }
    return id.equals(client)
        ? Optional.empty()
        : Optional.of(
            "%s of %s holds \"%s\" instead of %s: %s"
                .formatted(delivery.entry(), delivery.destination(), id, client, delivery));
  }

  private static Map<String, String> fields(JsonNode value) {
    var fields = new LinkedHashMap<String, String>();
    value.properties().forEach(each -> fields.put(each.getKey(), each.getValue().asText()));
    return fields;
  }

  /** Where nothing else goes wrong: an emergency has waited for nobody, and says who is behind. */
  static Optional<String> checkEmergency(Optional<Answer> answer) {
    if (answer.isPresent() && answer.get() instanceof Answer.OfSidecar(Reply.Content content)) {
      var data = content.data();
      boolean done =
          Boolean.TRUE.equals(data.get("rotated"))
              && Boolean.FALSE.equals(data.get("leaked_client_active"))
              && String.valueOf(data.get("destinations_behind")).contains("required/");
      if (done) {
        return Optional.empty();
      }
    }
    return Optional.of("an emergency waits for a destination: " + answer);
  }

  /** Once a static role is gone: nothing of it is where it was to be taken away. */
  Optional<String> checkTakenAway(SimulatedMount mount, String role) {
    var entry = entry(mount, role);
    boolean told =
        mount.events.sent().stream()
            .anyMatch(event ->
                event.type().equals("genesys/static-role-destination-left")
                    && String.valueOf(event.metadata().get("destination")).endsWith(entry));
    return told || of("required").engine().held(entry).isEmpty()
        ? Optional.empty()
        : Optional.of("%s of a deleted role is left at required".formatted(entry));
  }
}
