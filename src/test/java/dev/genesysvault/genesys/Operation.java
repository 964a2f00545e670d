package dev.genesysvault.genesys;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.upstream.ClientUsage.Query;
import java.time.Instant;

/** Every call of the ports. */
enum Operation {
  CREATE("POST", Connected.CLIENTS, Connected.CLIENTS),
  LIST("GET", Connected.CLIENTS, Connected.CLIENTS),
  GET("GET", Connected.CLIENT, Connected.CLIENTS + "/{clientId}"),
  REPLACE("PUT", Connected.CLIENT, Connected.CLIENTS + "/{clientId}"),
  DELETE("DELETE", Connected.CLIENT, Connected.CLIENTS + "/{clientId}"),
  REGENERATE("POST", Connected.CLIENT + "/secret", Connected.CLIENTS + "/{clientId}/secret"),
  ORGANIZATION("GET", "/api/v2/organizations/me", "/api/v2/organizations/me"),
  OWN_GRANTS("GET", "/api/v2/authorization/subjects/me", "/api/v2/authorization/subjects/me"),
  HOME_DIVISION(
      "GET", "/api/v2/authorization/divisions/home", "/api/v2/authorization/divisions/home"),
  TOKEN_OWNER("GET", "/api/v2/tokens/me", "/api/v2/tokens/me"),
  DIVISIONS("GET", "/api/v2/authorization/divisions", "/api/v2/authorization/divisions"),
  QUERY_USAGE(
      "POST", Connected.CLIENT + "/usage/query", Connected.CLIENTS + "/{clientId}/usage/query"),
  COUNT_USAGE(
      "GET",
      Connected.CLIENT + "/usage/query/results/execution-1",
      Connected.CLIENTS + "/{clientId}/usage/query/results/{executionId}");

  private final String method;
  private final String path;
  private final String template;

  Operation(String method, String path, String template) {
    this.method = method;
    this.path = path;
    this.template = template;
  }

  /** What goes over the network. */
  String request() {
    return method + " " + path;
  }

  /** What a failure calls it. */
  String template() {
    return method + " " + template;
  }

  Outcome<?> run(Connected to) throws InterruptedException {
    var clients = to.genesys.clients();
    var directory = to.genesys.directory();
    var context = to.soon();
    return switch (this) {
      case CREATE -> clients.create(Connected.body(), context);
      case LIST -> clients.search(_ -> true, context);
      case GET -> clients.get(Connected.ID, context);
      case REPLACE -> clients.replace(Connected.ID, Connected.body(), context);
      case DELETE -> clients.delete(Connected.ID, context);
      case REGENERATE -> clients.regenerateSecret(Connected.ID, context);
      case ORGANIZATION -> directory.organization(context);
      case OWN_GRANTS -> directory.ownGrants(context);
      case HOME_DIVISION -> directory.homeDivision(context);
      case TOKEN_OWNER -> directory.tokenOwner(context);
      case DIVISIONS -> directory.divisions(1, context);
      case QUERY_USAGE ->
          to.genesys.usage().query(Connected.ID, Instant.EPOCH, Instant.EPOCH, context);
      case COUNT_USAGE -> to.genesys.usage().count(new Query(Connected.ID, "execution-1"), context);
    };
  }
}
