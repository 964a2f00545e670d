package dev.genesysvault.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The simulated organisation: its divisions, roles, clients and tokens. Guarded by its owner. */
final class World {
  final Knobs knobs = new Knobs();
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, Division> divisions = new LinkedHashMap<>();
  private final Map<String, SimulatedRole> roles = new LinkedHashMap<>();
  private final Map<String, SimulatedClient> clients = new LinkedHashMap<>();
  private final Map<String, SimulatedCredential> credentials = new LinkedHashMap<>();
  private final Map<String, Token> tokens = new LinkedHashMap<>();
  private Duration ahead = Duration.ZERO;

  World(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    reset();
  }

  /** An access token. */
  record Token(SimulatedClient client, Instant issued, Instant end) {}

  void reset() {
    knobs.reset();
    divisions.clear();
    roles.clear();
    clients.clear();
    credentials.clear();
    tokens.clear();
    ahead = Duration.ZERO;
    Seed.divisions().forEach(division -> divisions.put(division.id(), division));
    Seed.roles().forEach(role -> roles.put(role.id(), role));
    put(Seed.CLIENT_ID, Seed.vaultClient(), Seed.CLIENT_SECRET);
    put(Seed.LIMITED_CLIENT_ID, Seed.limitedClient(), Seed.LIMITED_CLIENT_SECRET);
    put(Seed.EXISTING_CLIENT_ID, Seed.existingClient(), hex(32));
    put(Seed.CODE_CLIENT_ID, Seed.codeClient(), hex(32));
    Seed.credentials(now()).forEach(credential -> credentials.put(credential.id, credential));
  }

  private void put(String id, Map<String, Object> body, String secret) {
    var client = new SimulatedClient(id, body, secret, Seed.ORGANIZATION_ID, now());
    clients.put(id, client.grantsAreKnown());
  }

  Instant now() {
    return clock.instant().plus(ahead);
  }

  /** Moves the organisation's clock forward. */
  void advance(Duration time) {
    ahead = ahead.plus(time);
  }

  /** Returns a client's grants as the authorization service knows them. */
  Set<Grant> grants(SimulatedClient client) {
    return client.grants(now(), knobs.seconds(Knob.GRANT_PROPAGATION_SECONDS));
  }

  /** Returns the grants that a token acts with: an early one may know of fewer. */
  Set<Grant> grants(Token token) {
    boolean pinned =
        now().isBefore(token.issued().plus(knobs.seconds(Knob.EARLY_TOKEN_PINS_SECONDS)));
    return pinned
        ? token.client().grants(token.issued(), knobs.seconds(Knob.GRANT_PROPAGATION_SECONDS))
        : grants(token.client());
  }

  String organizationId() {
    return knobs.is(Knob.ORGANIZATION, "other") ? Seed.OTHER_ORGANIZATION_ID : Seed.ORGANIZATION_ID;
  }

  String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** Returns {@code 2 * count} hexadecimal digits. */
  String hex(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  Collection<Division> divisions() {
    return divisions.values();
  }

  Optional<Division> division(String id) {
    return Optional.ofNullable(divisions.get(id));
  }

  Collection<SimulatedRole> roles() {
    return roles.values();
  }

  Optional<SimulatedRole> role(String id) {
    return Optional.ofNullable(roles.get(id));
  }

  SimulatedClient create(Map<String, Object> body, SimulatedClient creator) {
    var client = new SimulatedClient(uuid(), body, hex(32), creator.id, now());
    clients.put(client.id, client);
    return client;
  }

  /** Returns every client that was ever made and is not deleted. */
  List<SimulatedClient> liveClients() {
    return clients.values().stream().filter(client -> client.deleted().isEmpty()).toList();
  }

  /** Returns the clients that are not deleted, or were not this long ago. */
  List<SimulatedClient> clientsDeletedAfter(Instant then) {
    return clients.values().stream()
        .filter(client -> client.deleted().filter(at -> !at.isAfter(then)).isEmpty())
        .toList();
  }

  Optional<SimulatedClient> client(String id) {
    return Optional.ofNullable(clients.get(id));
  }

  Collection<SimulatedCredential> credentials() {
    return credentials.values();
  }

  Optional<SimulatedCredential> credential(String id) {
    return Optional.ofNullable(credentials.get(id));
  }

  String issueToken(SimulatedClient client) {
    var token = hex(24);
    tokens.put(token, new Token(client, now(), now().plusSeconds(client.tokenValiditySeconds())));
    return token;
  }

  Optional<Token> token(String text) {
    return Optional.ofNullable(tokens.get(text)).filter(token -> now().isBefore(token.end()));
  }

  void revokeToken(String text) {
    tokens.remove(text);
  }

  void revokeTokensOf(SimulatedClient client) {
    Predicate<Token> itsOwn = token -> token.client() == client;
    tokens.values().removeIf(itsOwn);
  }
}
