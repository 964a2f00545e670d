package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Static roles of the mount {@code genesys/}, as an operator and an application use them. */
final class SteadyRoles {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;
  private int count;

  SteadyRoles(Stack stack) {
    this.stack = stack;
  }

  /**
   * Writes another static role, and returns its name.
   *
   * @param fields names and values in turn; an empty value takes a default away
   */
  String written(Object... fields) throws Exception {
    var body = new LinkedHashMap<String, Object>();
    body.put("role_divisions", SimulatedOrganization.HELD_PAIR);
    body.put("rotation_period", "30d");
    for (int i = 0; i < fields.length; i += 2) {
      body.put((String) fields[i], fields[i + 1]);
    }
    body.values().removeIf(""::equals);
    count++;
    stack.http.must("genesys/static-roles/" + last(), body);
    return last();
  }

  /** Returns the name of the role that was written last. */
  String last() {
    return "steady-" + count;
  }

  Map<String, String> credential(String role) throws Exception {
    return VaultHttp.credential(stack.http.data("genesys/static-creds/" + role));
  }

  String clientId(String role) throws Exception {
    return credential(role).getOrDefault("client_id", "");
  }

  JsonNode status(String role) throws IOException, InterruptedException {
    return stack.http.data("genesys/static-roles/" + role + "/status");
  }

  JsonNode rotate(String role, String... flags) throws Exception {
    var body = new LinkedHashMap<String, Object>();
    for (var flag : flags) {
      body.put(flag, true);
    }
    return stack.http.must("genesys/rotate-role/" + role, body).path("data");
  }

  /** Waits until a client is gone at Genesys. */
  void awaitGone(String id) throws Exception {
    Eventually.is(
        "client " + id + " is gone", PATIENCE, () -> !stack.genesys.clientIds().contains(id));
  }

  /** Waits until the present client is the only one of a role. */
  void awaitNothingElse(String role) throws Exception {
    Eventually.is(
        "nothing else is left",
        PATIENCE,
        () ->
            stack.genesys.clients().stream()
                .filter(client -> client.name().contains(role + "-"))
                .map(client -> client.id())
                .toList()
                .equals(List.of(clientId(role))));
  }

  /** Deletes a role, and waits until its present client is gone. */
  void delete(String role) throws Exception {
    var id = status(role).path("current").path("client_id").asText();
    assertThat(stack.http.delete("genesys/static-roles/" + role).status() / 100).isEqualTo(2);
    awaitGone(id);
    assertThat(stack.http.get("genesys/static-creds/" + role).status()).isEqualTo(400);
  }
}
