package dev.genesysvault.simulation;

import dev.genesysvault.network.Transport;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Under which hosts each secret was made, or was sent first where somebody else made it: it may
 * never be sent to, or handed out with, any others. The mount's own is not followed: each write of
 * the configuration brings it along.
 */
final class SecretHosts {
  private static final String BASIC = "Basic ";

  private final Scheduler scheduler;
  private final Map<String, String> byMadeSecret = new HashMap<>();

  SecretHosts(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Returns the domain of a host such as {@code api.a.test}. */
  static String domain(String host) {
    return host.substring(host.indexOf('.') + 1);
  }

  /** Whether a text shows one of the secrets that were made. */
  boolean shownIn(String text) {
    return byMadeSecret.keySet().stream().anyMatch(text::contains);
  }

  /** Takes note of a reply that may show a secret which was made just now. */
  void answered(Transport.Request request, Transport.Reply reply) {
    boolean makes = request.method().equals("POST") && reply.status() / 100 == 2;
    if (makes && request.uri().getPath().startsWith("/api/v2/oauth/clients")) {
      Optional.ofNullable(Json.read(reply.body()).get("secret"))
          .ifPresent(
              secret -> byMadeSecret.put(String.valueOf(secret), domain(request.uri().getHost())));
    }
  }

  /** Looks at a request that leaves the sidecar. */
  void sent(Transport.Request request) {
    var authorization = request.headers().getOrDefault("Authorization", "");
    if (authorization.startsWith(BASIC)) {
      var pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
      var parts = new String(pair, StandardCharsets.UTF_8).split(":", 2);
      if (!parts[0].equals(Seed.CLIENT_ID)) {
        check("sent", parts[1], domain(request.uri().getHost()), parts[0]);
      }
    }
  }

  /** Looks at a credential that a reader gets. */
  void handedOut(Map<String, ?> data) {
    for (var field : new String[] {"login_url", "api_url"}) {
      check(
          "handed out",
          String.valueOf(data.get("client_secret")),
          domain(String.valueOf(data.get(field))),
          String.valueOf(data.get("client_id")));
    }
  }

  private void check(String done, String secret, String domain, String client) {
    var made = byMadeSecret.putIfAbsent(secret, domain);
    if (made != null && !made.equals(domain)) {
      scheduler.violated(
          "the secret of client %s, made under %s, is %s with %s"
              .formatted(client, made, done, domain));
    }
  }
}
