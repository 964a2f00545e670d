package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.lifecycle.FoundClient;
import dev.genesysvault.lifecycle.OAuthClients;
import dev.genesysvault.resilience.CallContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OAuth clients by the Platform API. */
final class PlatformClients implements OAuthClients {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformClients.class);

  private final PlatformApi api;

  /** What was warned of is not warned of again. */
  private final AtomicBoolean pagesSeen = new AtomicBoolean();

  PlatformClients(PlatformApi api) {
    this.api = api;
  }

  @Override
  public Outcome<Credential> create(ClientBody body, CallContext context)
      throws InterruptedException {
    return api.call(ApiCall.createClient(body), context, PlatformClients::credential);
  }

  @Override
  public Outcome<List<FoundClient>> list(CallContext context) throws InterruptedException {
    return api.call(ApiCall.listClients(), context, this::clients);
  }

  @Override
  public Outcome<FoundClient> get(ClientId id, CallContext context) throws InterruptedException {
    return api.call(
        ApiCall.getClient(id),
        context,
        client -> client(client).filter(found -> found.id().equals(id)));
  }

  @Override
  public Outcome<Done> replace(ClientId id, ClientBody body, CallContext context)
      throws InterruptedException {
    // A 2xx page of some gateway must not pass for a deactivated client: Genesys shows the client.
    return api.call(
        ApiCall.replaceClient(id, body),
        context,
        client -> id(client).filter(id::equals).map(_ -> Done.DONE));
  }

  @Override
  public Outcome<Done> delete(ClientId id, CallContext context) throws InterruptedException {
    return api.call(ApiCall.deleteClient(id), context, _ -> Optional.of(Done.DONE));
  }

  @Override
  public Outcome<Credential> regenerateSecret(ClientId id, CallContext context)
      throws InterruptedException {
    return api.call(
        ApiCall.regenerateSecret(id),
        context,
        client -> credential(client).filter(credential -> credential.id().equals(id)));
  }

  private static Optional<Credential> credential(JsonNode client) {
    var secret = client.path("secret").asText("");
    return secret.isBlank()
        ? Optional.empty()
        : id(client).map(id -> new Credential(id, Secret.of(secret)));
  }

  private static Optional<FoundClient> client(JsonNode client) {
    return id(client).map(id -> new FoundClient(id, Trees.clientBody(client)));
  }

  private static Optional<ClientId> id(JsonNode client) {
    try {
      return Optional.of(new ClientId(client.path("id").asText("")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * The API documents no paging for this list; whatever envelope comes, each client counts once.
   */
  private Optional<List<FoundClient>> clients(JsonNode listing) {
    if (!listing.path("entities").isArray()) {
      return Optional.empty();
    }
    if (listing.path("pageCount").asInt(1) > 1 && pagesSeen.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("page_count", listing.path("pageCount").asInt())
          .log("Genesys pages its list of OAuth clients, which its API does not document");
    }
    var clients = new LinkedHashMap<ClientId, FoundClient>();
    for (var entity : listing.path("entities")) {
      client(entity).ifPresent(found -> clients.putIfAbsent(found.id(), found));
    }
    return Optional.of(List.copyOf(clients.values()));
  }
}
