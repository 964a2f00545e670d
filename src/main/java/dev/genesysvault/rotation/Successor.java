package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.storage.ClientTemplate;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.OAuthClients;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/** What the next client of a static role looks like. */
final class Successor {
  /** What Genesys gives a client whose token validity nobody sets. */
  private static final Duration TOKEN_VALIDITY = Duration.ofDays(1);

  private final StaticRole role;
  private final StaticCredential credential;

  Successor(StaticRole role, StaticCredential credential) {
    this.role = role;
    this.credential = credential;
  }

  /** Who hears of a look at a client. */
  @FunctionalInterface
  interface Seen {
    /** Takes note of it. */
    void saw(ClientId id, Outcome<FoundClient> look) throws InterruptedException;
  }

  /**
   * Returns its body. Where the role says what its clients may do, the role wins; where it copies,
   * the present client as Genesys shows it does, and what was stored of it once it is gone there.
   *
   * @param description where the role defines its clients
   * @param seen hears what Genesys shows of whom it copies
   */
  Outcome<ClientBody> body(
      ClientName name, String description, OAuthClients clients, CallContext context, Seen seen)
      throws InterruptedException {
    if (!role.copies()) {
      return Outcome.ok(defined(name, description));
    }
    var original = original();
    if (original.isEmpty()) {
      throw new IllegalStateException("a role without pairs copies nobody");
    }
    var look = clients.get(original.get(), context);
    seen.saw(original.get(), look);
    return switch (look) {
      case Ok<FoundClient>(var found) when !found.deleted() -> Outcome.ok(copy(found.body(), name));
      case Ok<FoundClient> _ -> stored(name).map(Outcome::ok).orElseGet(() -> gone(original.get()));
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          stored(name).map(Outcome::ok).orElseGet(() -> Outcome.failed(refused));
      case Failed<FoundClient>(var failure) -> Outcome.failed(failure);
    };
  }

  /** Returns whom it is a copy of; empty where nobody was named yet. */
  Optional<ClientId> original() {
    return Optional.ofNullable(credential.original())
        .or(() -> former(credential).flatMap(it -> Optional.ofNullable(it.clientId())));
  }

  /** After an outage that somebody allowed, the present client is the one before. */
  private static Optional<StaticClient> former(StaticCredential credential) {
    return Optional.ofNullable(credential.current())
        .or(() -> Optional.ofNullable(credential.previous()));
  }

  private static Outcome<ClientBody> gone(ClientId id) {
    return Outcome.failed(
        new Refused("GET /api/v2/oauth/clients/" + id, 404, "not.found", "deleted", "none"));
  }

  private Optional<ClientBody> stored(ClientName name) {
    return credential.original() == null
        ? former(credential).map(generation -> copy(generation.body(), name))
        : Optional.empty();
  }

  private ClientBody defined(ClientName name, String description) {
    var client = role.client();
    return ClientBody.of(
        name,
        description,
        client.accessTokenValidity().isZero() ? TOKEN_VALIDITY : client.accessTokenValidity(),
        client.roleDivisions(),
        client.properties());
  }

  /**
   * Copies all that is the customer's to set; what the role sets beside its pairs comes over it.
   */
  private ClientBody copy(ClientBody original, ClientName name) {
    var members = new LinkedHashMap<>(original.successor(name).members());
    ClientTemplate client = role.client();
    members.putAll(client.properties());
    if (!client.accessTokenValidity().isZero()) {
      members.put("accessTokenValiditySeconds", client.accessTokenValidity().toSeconds());
    }
    if (!client.description().isEmpty()) {
      members.put("description", client.description());
    }
    return new ClientBody(members);
  }
}
