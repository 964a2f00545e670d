package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.MadeClient;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Searched;
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
  public Outcome<MadeClient> create(ClientBody body, CallContext context)
      throws InterruptedException {
    return api.signed(ApiCall.createClient(body), context, PlatformClients::made);
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
    return api.signed(
        ApiCall.replaceClient(id, body),
        context,
        (client, origin) -> replaced(client, origin, id, body.text("state")));
  }

  /** A page of some gateway must not pass for a deactivated client: Genesys shows the client. */
  private static Optional<Done> replaced(
      JsonNode client, ReplyOrigin origin, ClientId id, String state) {
    if (origin.promised() || client.isMissingNode()) {
      return Optional.of(Done.CLAIMED);
    }
    return id(client)
        .filter(id::equals)
        .map(_ ->
            state.isEmpty() || client.path("state").asText("").equals(state)
                ? origin.done()
                : Done.CLAIMED);
  }

  @Override
  public Outcome<Done> delete(ClientId id, CallContext context) throws InterruptedException {
    return api.signed(ApiCall.deleteClient(id), context, (_, origin) -> Optional.of(origin.done()));
  }

  @Override
  public Outcome<MadeClient> regenerateSecret(ClientId id, CallContext context)
      throws InterruptedException {
    return api.signed(
        ApiCall.regenerateSecret(id),
        context,
        (client, origin) -> made(client, origin).filter(made -> made.credential().id().equals(id)));
  }

  private static Optional<MadeClient> made(JsonNode client, ReplyOrigin origin) {
    return credential(client)
        .map(credential ->
            new MadeClient(credential, Trees.clientBody(client), origin.correlationId()));
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
