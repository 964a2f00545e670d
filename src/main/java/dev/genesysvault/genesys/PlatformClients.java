package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.lifecycle.FoundClient;
import dev.genesysvault.lifecycle.ListedClient;
import dev.genesysvault.lifecycle.OAuthClients;
import dev.genesysvault.lifecycle.Searched;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Tasks;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** OAuth clients by the Platform API. */
final class PlatformClients implements OAuthClients {
  private final PlatformApi api;
  private final SharedList list;

  PlatformClients(PlatformApi api, SharedList list) {
    this.api = api;
    this.list = list;
  }

  @Override
  public Outcome<Credential> create(ClientBody body, CallContext context)
      throws InterruptedException {
    return api.call(ApiCall.createClient(body), context, PlatformClients::credential);
  }

  @Override
  public Outcome<Searched> search(Predicate<ListedClient> wanted, CallContext context)
      throws InterruptedException {
    return list.search(wanted, context);
  }

  @Override
  public Tasks.Task search(
      Predicate<ListedClient> wanted, Lane lane, Consumer<Outcome<Searched>> whenDone) {
    return list.search(wanted, lane, whenDone);
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
}
