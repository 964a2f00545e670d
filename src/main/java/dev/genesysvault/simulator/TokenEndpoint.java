package dev.genesysvault.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code POST /oauth/token}: client credentials alone, in an {@code Authorization} header. */
final class TokenEndpoint {
  private final World world;
  private final RateLimits limits;

  TokenEndpoint(World world, RateLimits limits) {
    this.world = world;
    this.limits = limits;
  }

  SimulatedReply logIn(SimulatedRequest request) {
    var header = request.header("authorization").orElse("");
    if (!header.startsWith("Basic ")) {
      return error("invalid_client", "authentication failed");
    }
    var pair = decoded(header.substring("Basic ".length()));
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return error("invalid_client", "authentication failed");
    }
    var id = pair.substring(0, colon);
    if (!limits.takeLogIn(id)) {
      return error("invalid_request", "rate limit exceeded; too many log-ins of this client");
    }
    if (!"client_credentials".equals(SimulatedRequest.form(request.text()).get("grant_type"))) {
      return error("unsupported_grant_type", "grant type is not supported");
    }
    var client = world.client(id);
    if (client.isEmpty()
        || !client.get().hasSecret(pair.substring(colon + 1))
        || !client.get().logsIn(world.now())) {
      return error("invalid_client", "authentication failed");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", world.issueToken(client.get()));
    body.put("token_type", "bearer");
    body.put("expires_in", client.get().tokenValiditySeconds());
    return SimulatedReply.json(200, body);
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static SimulatedReply error(String error, String description) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    body.put("description", description);
    body.put("error_description", description);
    return SimulatedReply.json(400, body);
  }
}
