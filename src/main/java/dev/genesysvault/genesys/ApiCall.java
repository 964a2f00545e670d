package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import java.util.Map;
import java.util.Optional;

/**
 * One call of the Platform API.
 *
 * @param path with {@code {clientId}} where an id goes
 * @param clientId for such a path
 * @param body to send
 * @param repeatable whether making the call twice does no harm, so that a lost reply may be asked
 *     for again
 * @param query parameters of the query
 */
record ApiCall(
    String method,
    String path,
    Optional<ClientId> clientId,
    Optional<JsonNode> body,
    boolean repeatable,
    Map<String, Integer> query) {
  private static final String CLIENTS = "/api/v2/oauth/clients";
  private static final String CLIENT = CLIENTS + "/{clientId}";

  static ApiCall get(String path) {
    return new ApiCall("GET", path, Optional.empty(), Optional.empty(), true, Map.of());
  }

  /** Returns the reading of one page, counted from 1. */
  static ApiCall page(String path, int number, int size) {
    return new ApiCall(
        "GET",
        path,
        Optional.empty(),
        Optional.empty(),
        true,
        Map.of("pageNumber", number, "pageSize", size));
  }

  static ApiCall createClient(ClientBody body) {
    return new ApiCall(
        "POST", CLIENTS, Optional.empty(), Optional.of(Trees.tree(body)), false, Map.of());
  }

  static ApiCall listClients() {
    return get(CLIENTS);
  }

  static ApiCall getClient(ClientId id) {
    return new ApiCall("GET", CLIENT, Optional.of(id), Optional.empty(), true, Map.of());
  }

  static ApiCall replaceClient(ClientId id, ClientBody body) {
    return new ApiCall(
        "PUT", CLIENT, Optional.of(id), Optional.of(Trees.tree(body)), true, Map.of());
  }

  static ApiCall deleteClient(ClientId id) {
    return new ApiCall("DELETE", CLIENT, Optional.of(id), Optional.empty(), true, Map.of());
  }

  static ApiCall regenerateSecret(ClientId id) {
    return new ApiCall(
        "POST", CLIENT + "/secret", Optional.of(id), Optional.empty(), true, Map.of());
  }

  /** Returns method and path without ids, for people. */
  String template() {
    return method + " " + path;
  }
}
