package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.upstream.IntegrationCredentials;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Integrations' credentials by the Platform API. */
final class PlatformIntegrations implements IntegrationCredentials {
  private static final String LIST = "/api/v2/integrations/credentials/listing";

  /** As many as Genesys gives. */
  private static final String A_PAGE = "200";

  /** Ten thousand credentials; a list that goes on for longer may go round. */
  private static final int MOST_PAGES = 50;

  private static final int LONGEST_TIME = 64;

  private final PlatformApi api;
  private final URI address;

  /**
   * Makes it.
   *
   * @param address of the API
   */
  PlatformIntegrations(PlatformApi api, URI address) {
    this.api = api;
    this.address = address;
  }

  @Override
  public Outcome<IntegrationCredential> get(String id, CallContext context)
      throws InterruptedException {
    return api.call(ApiCall.getCredential(id), context, tree -> credential(tree, id));
  }

  @Override
  public Outcome<String> replace(
      String id, IntegrationCredential shown, Credential login, CallContext context)
      throws InterruptedException {
    return api.signed(
        ApiCall.replaceCredential(id, shown, login),
        context,
        (tree, origin) ->
            origin.promised()
                ? Optional.empty()
                : credential(tree, id)
                    .map(IntegrationCredential::modified)
                    .filter(modified -> !modified.isEmpty()));
  }

  /**
   * A page of the list.
   *
   * @param modified of the credential that is looked for; empty where it is not on it
   * @param next where the list goes on; empty where it does not
   */
  private record Page(Optional<String> modified, String next) {}

  @Override
  public Outcome<Optional<String>> modified(String id, CallContext context)
      throws InterruptedException {
    var query = Optional.of(Map.of("pageSize", A_PAGE));
    for (int pages = 0; pages < MOST_PAGES && query.isPresent(); pages++) {
      switch (api.call(ApiCall.get(LIST, query.get()), context, tree -> page(tree, id))) {
        case Failed<Page>(var failure) -> {
          return Outcome.failed(failure);
        }
        case Ok<Page>(var page) -> {
          if (page.modified().isPresent()) {
            return Outcome.ok(page.modified());
          }
          query = NextPage.query(page.next(), address, LIST);
        }
      }
    }
    return Outcome.ok(Optional.empty());
  }

  private static Optional<Page> page(JsonNode tree, String id) {
    if (!tree.path("entities").isArray()) {
      return Optional.empty();
    }
    var modified = Optional.<String>empty();
    for (var each : tree.path("entities")) {
      modified =
          modified.or(() ->
              credential(each, id)
                  .map(IntegrationCredential::modified)
                  .filter(text -> !text.isEmpty()));
    }
    return Optional.of(new Page(modified, tree.path("nextUri").asText("")));
  }

  private static Optional<IntegrationCredential> credential(JsonNode tree, String id) {
    var modified = tree.path("modifiedDate").asText("");
    return tree.path("id").asText("").equalsIgnoreCase(id)
        ? Optional.of(
            new IntegrationCredential(
                tree.path("name").asText(""),
                tree.path("type").path("name").asText(""),
                tree.path("credentialFields").path("clientId").asText(""),
                modified.length() <= LONGEST_TIME ? modified : ""))
        : Optional.empty();
  }
}
