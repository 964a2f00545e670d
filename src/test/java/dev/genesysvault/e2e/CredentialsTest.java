package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.SimulatedOrganization;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Auth.TokenRequest;
import io.github.jopenlibs.vault.response.LogicalResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an application and its operator do, with a real Vault client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CredentialsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;

  CredentialsTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @BeforeEach
  void forget() throws Exception {
    stack.genesys.clearFaults();
    stack.genesys.forgetRequests();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_lease_is_read_logs_in_is_renewed_and_is_revoked_with_two_calls() throws Exception {
    var lease = read("demo");
    assertThat(lease.getLeaseId()).startsWith("genesys/creds/demo/");
    assertThat(lease.getLeaseDuration()).isEqualTo(3600);
    assertThat(lease.getRenewable()).isTrue();
    assertThat(stack.logsIn(lease.getData())).isTrue();
    assertThat(stack.genesys.count("POST", "/api/v2/oauth/clients")).isEqualTo(1);

    var renewed = stack.client.sys().leases().renew(lease.getLeaseId(), 1800);
    assertThat(renewed.getRestResponse().getStatus()).isEqualTo(200);
    assertThat(new String(renewed.getRestResponse().getBody(), StandardCharsets.UTF_8))
        .contains("\"lease_duration\":1800");

    revoke(lease.getLeaseId());

    assertThat(stack.logsIn(lease.getData())).isFalse();
    assertThat(stack.genesys.clientIds()).doesNotContain(id(lease));
    assertThat(stack.genesys.count("PUT", "/api/v2/oauth/clients/{clientId}")).isEqualTo(1);
    assertThat(stack.genesys.count("DELETE", "/api/v2/oauth/clients/{clientId}")).isEqualTo(1);
    assertThat(stack.genesys.count("GET", "/api/v2/oauth/clients/{clientId}")).isZero();
  }

  @Test
  void an_issue_costs_one_call_to_genesys() throws Exception {
    revoke(read("demo").getLeaseId());
    stack.genesys.forgetRequests();

    read("demo");

    assertThat(stack.genesys.count()).isEqualTo(1);
  }

  @Test
  void an_agent_writes_one_lease_into_its_file(@TempDir Path agent) throws Exception {
    role(
        "noted",
        Map.of(
            "role_divisions",
            SimulatedOrganization.HELD_PAIR,
            "metadata",
            Map.of("owner", "crm team")));
    var file = agent.resolve("credential");

    try (var _ = stack.vault.startAgent(agent, "genesys/creds/noted", file)) {
      Eventually.is("it is written", PATIENCE, () -> Files.exists(file));

      var parts = Files.readString(file).split(" ", 2);
      assertThat(stack.logsIn(Map.of("client_id", parts[0], "client_secret", parts[1]))).isTrue();
      assertThat(stack.genesys.count("POST", "/api/v2/oauth/clients")).isEqualTo(1);
    }
  }

  @Test
  void a_lease_that_runs_out_takes_its_client_along() throws Exception {
    role("short", Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1s"));

    var lease = read("short");

    Eventually.is(
        "the client is gone", PATIENCE, () -> !stack.genesys.clientIds().contains(id(lease)));
  }

  @Test
  void a_revoked_prefix_takes_every_client_along() throws Exception {
    role("many", Map.of("role_divisions", SimulatedOrganization.HELD_PAIR));
    var first = read("many");
    var second = read("many");

    stack.client.sys().leases().revokePrefix("genesys/creds/many");

    Eventually.is(
        "both clients are gone",
        PATIENCE,
        () ->
            !stack.genesys.clientIds().contains(id(first))
                && !stack.genesys.clientIds().contains(id(second)));
  }

  @Test
  void a_revoked_token_takes_its_clients_along() throws Exception {
    var token =
        stack
            .client
            .auth()
            .createToken(new TokenRequest().ttl("1h").displayName("payroll"))
            .getAuthClientToken();
    var lease = stack.clientWith(token).logical().read("genesys/creds/demo");
    assertThat(stack.logsIn(lease.getData())).isTrue();

    stack.clientWith(token).auth().revokeSelf();

    Eventually.is(
        "the client is gone", PATIENCE, () -> !stack.genesys.clientIds().contains(id(lease)));
  }

  @Test
  void the_inventory_names_who_reads_and_never_the_secret() throws Exception {
    var lease = read("demo");

    var shown =
        stack.client.logical().list("genesys/clients").getListData().stream()
            .map(this::record)
            .filter(record -> record.getData().containsValue(id(lease)))
            .findFirst()
            .orElseThrow()
            .getData();

    assertThat(shown).containsEntry("state", "issued").containsEntry("role", "demo");
    assertThat(shown.toString()).doesNotContain(lease.getData().get("client_secret"));
  }

  @Test
  void config_is_read_back_without_its_secret() throws Exception {
    var config = stack.client.logical().read("genesys/config").getData();

    assertThat(config)
        .containsEntry("client_id", Seed.CLIENT_ID)
        .containsEntry("organization_id", Seed.ORGANIZATION_ID)
        .doesNotContainKey("client_secret");
  }

  @Test
  void an_unknown_role_is_the_callers_mistake() throws Exception {
    var answer = stack.http.get("genesys/creds/nope");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors()).contains("genesys/roles/nope");
  }

  @Test
  void a_role_beyond_the_mounts_own_grants_is_refused_by_name() throws Exception {
    var greedy = Seed.ROLE_PAYROLL + ":" + Seed.DIVISION_HR;

    var answer = stack.http.put("genesys/roles/greedy", Map.of("role_divisions", greedy));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors()).contains(greedy);
    assertThat(stack.http.get("genesys/roles/greedy").status()).isEqualTo(404);
  }

  @Test
  void a_template_role_copies_the_pairs_of_an_existing_client() throws Exception {
    role("copy", Map.of("template_client_id", Seed.EXISTING_CLIENT_ID));

    assertThat(stack.client.logical().read("genesys/roles/copy").getData().get("role_divisions"))
        .contains(Seed.ROLE_ANALYST + ":" + Seed.DIVISION_SUPPORT);
    assertThat(stack.logsIn(read("copy").getData())).isTrue();
  }

  @Test
  void a_configuration_that_does_not_log_in_is_refused_and_changes_nothing() throws Exception {
    var answer = stack.http.put("genesys/config", Map.of("client_secret", "not the secret"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors()).contains("invalid_client").doesNotContain("not the secret");
    assertThat(stack.logsIn(read("demo").getData())).isTrue();
  }

  @Test
  void a_missing_permission_is_a_warning_that_names_it() throws Exception {
    stack.http.must("sys/mounts/limited", Map.of("type", Stack.PLUGIN));

    var answer =
        stack.http.put(
            "limited/config",
            SimulatedOrganization.config(
                stack.simulator, Seed.LIMITED_CLIENT_ID, Seed.LIMITED_CLIENT_SECRET));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("warnings").toString())
        .contains("oauth:client:add", "oauth:client:edit", "oauth:client:delete")
        .doesNotContain("oauth:client:view");
    assertThat(stack.http.delete("sys/mounts/limited").status()).isEqualTo(204);
  }

  @Test
  void a_create_whose_reply_is_lost_still_gives_one_working_credential() throws Exception {
    stack.genesys.arm(
        Map.of("method", "POST", "path", "/api/v2/oauth/clients", "reply_lost", true));
    int before = stack.genesys.clientIds().size();

    var lease = read("demo");

    assertThat(stack.logsIn(lease.getData())).isTrue();
    assertThat(stack.genesys.clientIds()).hasSize(before + 1);
  }

  @Test
  void a_revoke_that_genesys_fails_is_finished_without_vault() throws Exception {
    var lease = read("demo");
    stack.genesys.arm(
        Map.of(
            "method",
            "PUT",
            "path",
            "/api/v2/oauth/clients/{clientId}",
            "status",
            503,
            "code",
            "service.unavailable"));

    revoke(lease.getLeaseId());

    Eventually.is(
        "the client is gone", PATIENCE, () -> !stack.genesys.clientIds().contains(id(lease)));
  }

  @Test
  void status_tells_versions_and_health() throws Exception {
    var status = stack.client.logical().read("genesys/status").getData();

    assertThat(status)
        .containsEntry("configured", "true")
        .containsEntry("genesys_reachable", "true")
        .containsEntry("organization_name", Seed.ORGANIZATION_NAME);
    assertThat(status.get("shim_version")).startsWith("v");
    assertThat(status.get("sidecar_version")).startsWith("v");
    Eventually.is(
        "the background session is open",
        PATIENCE,
        () ->
            "true".equals(stack.client.logical().read("genesys/status").getData().get("session")));
  }

  @Test
  void nothing_secret_is_in_any_log() throws Exception {
    var lease = read("demo");
    revoke(lease.getLeaseId());

    assertThat(stack.logs())
        .doesNotContain(String.valueOf(lease.getData().get("client_secret")))
        .doesNotContain(Seed.CLIENT_SECRET);
  }

  private LogicalResponse record(String key) {
    try {
      return stack.client.logical().read("genesys/clients/" + key);
    } catch (VaultException e) {
      throw new AssertionError(e);
    }
  }

  private void revoke(String leaseId) throws Exception {
    stack.http.must("sys/leases/revoke", Map.of("lease_id", leaseId, "sync", true));
  }

  private LogicalResponse read(String role) throws VaultException {
    return stack.client.logical().read("genesys/creds/" + role);
  }

  /** As JSON: the Java client makes texts of objects, and tells of no refusal. */
  private void role(String name, Map<String, Object> fields)
      throws IOException, InterruptedException {
    stack.http.must("genesys/roles/" + name, fields);
  }

  private static String id(LogicalResponse lease) {
    return String.valueOf(lease.getData().get("client_id"));
  }
}
