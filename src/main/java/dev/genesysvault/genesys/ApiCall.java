package dev.genesysvault.genesys;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.IntegrationCredential;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One call of the Platform API.
 *
 * @param path with {@code {clientId}} where an id goes
 * @param ids for such places, by their names
 * @param body to send: a tree, or values of the JDK
 * @param repeatable whether making the call twice does no harm, so that a lost reply may be asked
 *     for again
 * @param query parameters of the query
 */
record ApiCall(
    String method,
    String path,
    Map<String, String> ids,
    Optional<Object> body,
    boolean repeatable,
    Map<String, String> query) {
  static final String CLIENTS = "/api/v2/oauth/clients";
  static final String CLIENT = CLIENTS + "/{clientId}";
  private static final String CREDENTIAL = "/api/v2/integrations/credentials/{credentialId}";

  static ApiCall get(String path) {
    return new ApiCall("GET", path, Map.of(), Optional.empty(), true, Map.of());
  }

  /** Returns the reading of one page, counted from 1. */
  static ApiCall page(String path, int number, int size) {
    return new ApiCall(
        "GET",
        path,
        Map.of(),
        Optional.empty(),
        true,
        Map.of("pageNumber", Integer.toString(number), "pageSize", Integer.toString(size)));
  }

  static ApiCall createClient(ClientBody body) {
    return new ApiCall("POST", CLIENTS, Map.of(), Optional.of(body.members()), false, Map.of());
  }

  /** Returns the reading of a page of a list, as its query says. */
  static ApiCall get(String path, Map<String, String> query) {
    return new ApiCall("GET", path, Map.of(), Optional.empty(), true, query);
  }

  static ApiCall listClients() {
    return get(CLIENTS);
  }

  /** Returns the reading of another page of that list. */
  static ApiCall listClients(Map<String, String> query) {
    return get(CLIENTS, query);
  }

  static ApiCall getClient(ClientId id) {
    return new ApiCall("GET", CLIENT, id(id), Optional.empty(), true, Map.of());
  }

  static ApiCall replaceClient(ClientId id, ClientBody body) {
    return new ApiCall("PUT", CLIENT, id(id), Optional.of(body.members()), true, Map.of());
  }

  static ApiCall deleteClient(ClientId id) {
    return new ApiCall("DELETE", CLIENT, id(id), Optional.empty(), true, Map.of());
  }

  static ApiCall regenerateSecret(ClientId id) {
    return new ApiCall("POST", CLIENT + "/secret", id(id), Optional.empty(), true, Map.of());
  }

  /** Asks for the calls that a client made in that time. */
  static ApiCall queryUsage(ClientId id, Instant from, Instant to) {
    var query =
        Trees.MAPPER
            .createObjectNode()
            .put("interval", from.truncatedTo(MILLIS) + "/" + to.truncatedTo(MILLIS))
            .put("granularity", "Day");
    query.putArray("metrics").add("Requests");
    query.putArray("groupBy").add("OAuthClientId");
    return new ApiCall("POST", CLIENT + "/usage/query", id(id), Optional.of(query), true, Map.of());
  }

  static ApiCall usage(ClientId id, String executionId) {
    return new ApiCall(
        "GET",
        CLIENT + "/usage/query/results/{executionId}",
        Map.of("clientId", id.value(), "executionId", executionId),
        Optional.empty(),
        true,
        Map.of());
  }

  static ApiCall getCredential(String id) {
    return new ApiCall(
        "GET", CREDENTIAL, Map.of("credentialId", id), Optional.empty(), true, Map.of());
  }

  /** Has an integration's credential hold an OAuth client's, all else as it was shown. */
  static ApiCall replaceCredential(String id, IntegrationCredential shown, Credential login) {
    var body = Trees.MAPPER.createObjectNode().put("name", shown.name());
    body.putObject("type").put("name", shown.type());
    body.putObject("credentialFields")
        .put("clientId", login.id().value())
        .put("clientSecret", login.secret().reveal());
    return new ApiCall(
        "PUT", CREDENTIAL, Map.of("credentialId", id), Optional.of(body), true, Map.of());
  }

  private static Map<String, String> id(ClientId id) {
    return Map.of("clientId", id.value());
  }

  /** Names no body, which may hold a secret. */
  @Override
  public String toString() {
    return template();
  }

  /** Returns method and path without ids, for people. */
  String template() {
    return method + " " + path;
  }
}
