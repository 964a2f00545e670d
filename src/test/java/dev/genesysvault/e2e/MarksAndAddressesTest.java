package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whose a client is, and where its credential may be sent, with two mounts of a real Vault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MarksAndAddressesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Stack stack;
  private final SteadyRoles roles;

  MarksAndAddressesTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    stack.mountReady("other");
  }

  @AfterEach
  void heal() throws Exception {
    stack.configure("genesys");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void an_imported_client_carries_the_mark_of_one_mount_until_it_is_let_go() throws Exception {
    var donor = released();
    var before = shown(donor);
    assertThat(before.toString()).doesNotContain(mark("genesys"), "Do not edit");

    assertThat(adopt("genesys", "billing", donor).status()).isEqualTo(204);

    assertThat(shown(donor).path("description").asText())
        .contains("genesys/static-creds/billing; mark " + mark("genesys") + ". Do not edit.");
    assertThat(undescribed(shown(donor))).isEqualTo(undescribed(before));
    var refused = adopt("other", "theirs", donor);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errors()).contains(mark("genesys"), "take_over", "on_delete=release");
    assertThat(shown(donor).path("description").asText()).contains("genesys/static-creds/billing");
    assertThat(stack.http.get("other/static-creds/theirs").status()).isNotEqualTo(200);

    // What was imported is let go with its role.
    stack.http.delete("genesys/static-roles/billing");
    Eventually.is(
        "it is as it was before",
        PATIENCE,
        () -> unmodified(shown(donor)).equals(unmodified(before)));
    assertThat(adopt("other", "theirs", donor).status()).isEqualTo(204);

    assertThat(stack.logsIn(donor)).isTrue();
    assertThat(shown(donor).path("description").asText())
        .contains("other/static-creds/theirs; mark " + mark("other"));
    stack.http.delete("other/static-roles/theirs");
  }

  @Test
  void a_client_that_another_mount_has_is_only_adopted_by_whoever_takes_it_over() throws Exception {
    var donor = released();
    assertThat(adopt("genesys", "crm", donor).status()).isEqualTo(204);

    var taken = adopt("other", "crm", donor, "take_over", true);

    assertThat(taken.status()).isEqualTo(204);
    assertThat(shown(donor).path("description").asText())
        .contains(mark("other"))
        .doesNotContain(mark("genesys"));
    assertThat(stack.http.data("other/static-creds/crm").path("client_id").asText())
        .isEqualTo(donor.get("client_id"));
    assertThat(roles.status("crm").path("drift").toString()).contains(mark("other"));
    stack.http.delete("other/static-roles/crm");
    stack.http.delete("genesys/static-roles/crm");
  }

  @Test
  void a_client_that_another_mount_has_leased_out_is_not_adopted() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");

    var refused = adopt("other", "leased", lease.getData());

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errors()).contains(mark("genesys"), "take_over");
    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
  }

  @Test
  void whoever_may_only_write_config_gets_no_stored_secret_handed_out_with_a_host_of_theirs()
      throws Exception {
    var role = roles.written();
    var before = stack.http.data("genesys/static-creds/" + role);
    stack.http.must(
        "sys/policies/acl/config-alone",
        Map.of("policy", "path \"genesys/config\" { capabilities = [\"update\"] }"));
    var intruder = new VaultHttp(stack.vault.address());
    intruder.useToken(
        stack
            .http
            .must("auth/token/create", Map.of("policies", List.of("config-alone")))
            .path("auth")
            .path("client_token")
            .asText());
    assertThat(intruder.get("genesys/static-creds/" + role).status()).isEqualTo(403);
    try (var theirs = SimulatorServer.start(0, 0)) {
      intruder.must(
          "genesys/config",
          Map.of(
              "login_url",
              theirs.loginUrl().toString(),
              "api_url",
              theirs.apiUrl().toString(),
              "client_secret",
              "made up",
              "verify_connection",
              false));

      var read = stack.http.data("genesys/static-creds/" + role);

      for (var field : List.of("client_id", "client_secret", "login_url", "api_url")) {
        assertThat(read.path(field)).isEqualTo(before.path(field));
      }
      // Nor does an emergency bring it there: that host knows neither the secret nor a client.
      var rotated = roles.rotate(role);
      assertThat(rotated.path("rotated").asBoolean()).isFalse();
      assertThat(stack.http.data("genesys/static-creds/" + role).path("login_url"))
          .isEqualTo(before.path("login_url"));
      assertThat(new SimulatorAdmin(theirs.apiUrl()).clients())
          .noneMatch(it -> it.name().contains(role));
    }
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
  }

  @Test
  void new_addresses_come_with_the_next_rotation() throws Exception {
    var role = roles.written("grace_period", "2s");
    var before = stack.http.data("genesys/static-creds/" + role);
    var config = new LinkedHashMap<String, Object>(SimulatedOrganization.config(stack.simulator));
    config.replaceAll((_, value) -> String.valueOf(value).replace("127.0.0.1", "localhost"));

    var written = stack.http.must("genesys/config", config);

    assertThat(written.path("warnings").toString()).contains("rotate-role");
    var still = stack.http.data("genesys/static-creds/" + role);
    assertThat(still.path("login_url")).isEqualTo(before.path("login_url"));
    assertThat(still.path("api_url")).isEqualTo(before.path("api_url"));

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();

    var after = stack.http.data("genesys/static-creds/" + role);
    assertThat(after.path("login_url").asText()).isEqualTo(config.get("login_url"));
    assertThat(after.path("api_url").asText()).isEqualTo(config.get("api_url"));
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    roles.awaitGone(before.path("client_id").asText());
  }

  /** Returns the credential of a client that was a static role's, and is nobody's any more. */
  private Map<String, String> released() throws Exception {
    var donor =
        roles.credential(roles.written("on_delete", "release", "description", "for billing"));
    var role = roles.last();
    stack.http.delete("genesys/static-roles/" + role);
    Eventually.is(
        "it is nobody's",
        PATIENCE,
        () -> stack.http.get("genesys/static-roles/" + role).status() == 404);
    return donor;
  }

  private VaultHttp.Answer adopt(
      String mount, String role, Map<String, String> credential, Object... more) throws Exception {
    stack.http.must(
        mount + "/static-roles/" + role,
        Map.of("rotation_period", "30d", "defer_initial_creds", true));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("client_id", credential.get("client_id"));
    fields.put("client_secret", credential.get("client_secret"));
    for (int i = 0; i < more.length; i += 2) {
      fields.put((String) more[i], more[i + 1]);
    }
    return stack.http.put(mount + "/static-roles/" + role + "/import", fields);
  }

  private JsonNode shown(Map<String, String> credential) throws Exception {
    return stack.genesys.shown(
        stack.simulator.loginUrl(), credential.getOrDefault("client_id", ""));
  }

  /** Returns all of a client but what each change of it brings along, and its description. */
  private static JsonNode undescribed(JsonNode client) {
    return unmodified(client).without("description");
  }

  private static ObjectNode unmodified(JsonNode client) {
    return ((ObjectNode) client.deepCopy()).without("dateModified");
  }

  private String mark(String mount) throws Exception {
    return stack.http.data(mount + "/config").path("mount_id").asText();
  }
}
