package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.content;
import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import ch.qos.logback.classic.Level;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.CapturedLogs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CredsTest {
  private final EngineHarness vault = new EngineHarness();

  @BeforeEach
  void ready() throws InterruptedException {
    vault.ready();
  }

  @Test
  void the_client_says_at_genesys_whose_it_is() throws Exception {
    var _ =
        vault.write(
            "roles/name",
            Map.of("name", "demo"),
            Map.of("role_divisions", List.of("role-1:*"), "description", "of the CRM"));

    var _ = vault.readAs("r-1", "demo");

    assertThat(vault.genesys.held().values())
        .singleElement()
        .satisfies(client ->
            assertThat(client.text("description"))
                .matches(
                    "of the CRM \\| Leased by Vault from genesys/creds/demo; mark [0-9a-f]{16}\\. Do not edit\\."));
  }

  @Test
  void answers_with_a_leased_client_of_exactly_the_roles_pairs() throws Exception {
    var reply = vault.readAs("r-1", "demo");

    var id = new ClientId(String.valueOf(data(reply).get("client_id")));
    assertThat(data(reply).keySet())
        .containsExactlyInAnyOrder(
            "client_id", "client_secret", "login_url", "api_url", "custom_metadata");
    assertThat(data(reply).get("login_url")).isEqualTo("https://login.mypurecloud.de");
    assertThat(vault.genesys.held()).containsOnlyKeys(id);
    assertThat(vault.genesys.held().values())
        .allSatisfy(body -> assertThat(body.roleDivisions()).hasToString("[role-1:*]"));
    assertThat(secret(reply).ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(secret(reply).maxTtl()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void costs_two_writes_and_one_call() throws Exception {
    vault.readAs("r-1", "demo");

    assertThat(vault.genesys.calls()).containsExactly("create");
    assertThat(vault.storage.writes()).hasSize(2);
  }

  @Test
  void lets_tokens_live_as_long_as_the_lease_within_bounds() throws Exception {
    write(Map.of("ttl", 60));
    vault.readAs("r-1", "demo");
    write(Map.of("ttl", 7200));
    vault.readAs("r-2", "demo");
    write(Map.of("access_token_validity", 1000));
    vault.readAs("r-3", "demo");

    assertThat(vault.genesys.held().values())
        .extracting(body -> body.members().get("accessTokenValiditySeconds"))
        .containsExactly(300L, 7200L, 1000L);
  }

  @Test
  void caps_lifetimes_at_the_mounts_and_warns() throws Exception {
    write(Map.of("max_ttl", 200_000, "ttl", 100_000));

    var reply = vault.readAs("r-1", "demo");

    assertThat(secret(reply).ttl()).isEqualTo(Duration.ofHours(24));
    assertThat(content(reply).warnings()).hasSize(2);
  }

  @Test
  void keeps_no_secret_in_the_lease() throws Exception {
    var reply = vault.readAs("r-1", "demo");

    assertThat(secret(reply).internalData().toString())
        .doesNotContain(String.valueOf(data(reply).get("client_secret")));
    assertThat(reply.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void names_the_path_to_write_first() throws Exception {
    assertThat(refusal(vault.readAs("r-1", "nope"), 400)).contains("genesys/roles/nope");
    assertThat(refusal(new EngineHarness().readAs("r-1", "demo"), 400)).contains("genesys/config");
  }

  @Test
  void tells_genesys_reason_and_correlation_id_when_it_refuses() throws Exception {
    vault.genesys.refuse("create", 403, "not.authorized");

    assertThat(refusal(vault.readAs("r-1", "demo"), 502))
        .contains("not.authorized", "cid-1", "role-1:*");
    assertThat(vault.storage.keys()).doesNotContain("clients/");
  }

  @Test
  void says_when_to_come_back_when_the_budget_is_empty() throws Exception {
    vault.genesys.limit("create", Duration.ofSeconds(42));

    assertThat(refusal(vault.readAs("r-1", "demo"), 429)).contains("42 s");
  }

  @Test
  void is_read_only_where_the_node_may_not_write() throws Exception {
    vault.storage.failWhen(StorageException.Kind.READ_ONLY, op -> op.startsWith("put "));

    assertThat(vault.readAs("r-1", "demo")).isEqualTo(new Reply.ReadOnly());
    assertThat(vault.genesys.calls()).isEmpty();
  }

  @Test
  void shows_the_record_while_the_client_lives() throws Exception {
    var reply = vault.readAs("r-1", "demo");
    var key = String.valueOf(secret(reply).internalData().get("key"));

    assertThat(data(list())).isEqualTo(Map.of("keys", List.of(key)));
    var shown = data(vault.read("clients/key", Map.of("key", key)));
    assertThat(shown.get("state")).isEqualTo("issued");
    assertThat(shown.get("client_id")).isEqualTo(data(reply).get("client_id"));
    assertThat(shown.get("display_name")).isEqualTo("approle-payroll");
    assertThat(shown.get("deadline")).isEqualTo("2026-01-01T01:10:00Z");

    vault.onLease(Operation.REVOKE, secret(reply).internalData(), Duration.ZERO);

    assertThat(list()).isEqualTo(new Reply.Nothing());
    assertThat(vault.genesys.held()).isEmpty();
  }

  @Test
  void moves_the_deadline_with_each_renewal_within_the_longest_lifetime() throws Exception {
    var reply = vault.readAs("r-1", "demo");
    var internal = secret(reply).internalData();
    var key = Map.of("key", String.valueOf(internal.get("key")));
    vault.storage.forgetOperations();
    vault.time.advance(Duration.ofMinutes(30));

    var renewed = vault.onLease(Operation.RENEW, internal, Duration.ZERO);

    assertThat(secret(renewed).ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(secret(renewed).maxTtl()).isEqualTo(Duration.ofHours(24));
    assertThat(vault.storage.writes()).hasSize(1);
    assertThat(data(vault.read("clients/key", key)).get("deadline"))
        .isEqualTo("2026-01-01T01:40:00Z");

    vault.onLease(Operation.RENEW, internal, Duration.ofHours(100));

    assertThat(data(vault.read("clients/key", key)).get("deadline"))
        .isEqualTo("2026-01-02T00:10:00Z");
  }

  @Test
  void never_moves_the_deadline_back_below_what_a_longer_renewal_said() throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.onLease(Operation.RENEW, internal, Duration.ofHours(10));

    vault.onLease(Operation.RENEW, internal, Duration.ZERO);

    var key = Map.of("key", String.valueOf(internal.get("key")));
    assertThat(data(vault.read("clients/key", key)).get("deadline"))
        .isEqualTo("2026-01-01T10:10:00Z");
  }

  @Test
  void refuses_to_renew_a_client_that_is_gone() throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.onLease(Operation.REVOKE, internal, Duration.ZERO);

    assertThat(refusal(vault.onLease(Operation.RENEW, internal, Duration.ZERO), 400))
        .contains("read a new credential");
  }

  @Test
  void records_a_deferred_revoke_that_genesys_does_not_do() throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.genesys.refuse("replace", 403, "not.authorized");

    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());

    var shown = data(vault.read("clients/key", key(internal)));
    assertThat(shown.get("state")).isEqualTo("retiring");
    assertThat(shown.get("last_error")).asString().contains("HTTP 403 not.authorized");
    assertThat(internal.get("deferrable")).isEqualTo(true);
  }

  @Test
  void lets_a_deactivated_client_go_that_genesys_does_not_delete_while_the_mount_is_disabled()
      throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.tainted = Optional.of(true);
    vault.genesys.refuse("delete", 400, "cannot.delete.client");

    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());

    assertThat(vault.genesys.held())
        .hasEntrySatisfying(
            new ClientId(String.valueOf(internal.get("client_id"))),
            left -> {
              assertThat(left.text("state")).isEqualTo("inactive");
              assertThat(left.text("dateToDelete")).isEqualTo("2026-01-02T00:00:00Z");
            });
  }

  @Test
  void leaves_a_client_of_an_organisation_that_config_no_longer_reaches_to_an_operator()
      throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.genesys.become(new Organization("org-2", "Other"));
    vault.write("config", Map.of(), Map.of("force", true));

    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());

    var shown = data(vault.read("clients/key", key(internal)));
    assertThat(shown.get("state")).isEqualTo("stuck");
    assertThat(shown.get("last_error"))
        .asString()
        .contains("lives in organisation org-1, and config reaches org-2");
    assertThat(vault.genesys.calls()).doesNotContain("replace", "delete");
  }

  @Test
  void records_a_revoke_of_a_mount_whose_configuration_is_gone() throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();
    vault.serve("config", Operation.DELETE, Map.of(), Map.of("force", true));

    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());

    var shown = data(vault.read("clients/key", key(internal)));
    assertThat(shown.get("state")).isEqualTo("retiring");
    assertThat(shown.get("last_error")).asString().contains("not configured");
  }

  @Test
  void refuses_to_retry_what_nobody_knows_or_nobody_can_try() throws Exception {
    var internal = secret(vault.readAs("r-1", "demo")).internalData();

    assertThat(refusal(vault.write("clients/retry", Map.of("key", "nobody"), Map.of()), 400))
        .contains("there is no client \"nobody\"");
    assertThat(refusal(vault.write("clients/retry", key(internal), Map.of()), 503))
        .contains("background session is not open");
  }

  @Test
  void refuses_an_issue_that_cannot_be_told_from_another() throws Exception {
    assertThat(refusal(vault.readAs("", "demo"), 500)).contains("no request id");
    assertThat(vault.genesys.calls()).isEmpty();
  }

  private static Map<String, String> key(Map<String, ?> internal) {
    return Map.of("key", String.valueOf(internal.get("key")));
  }

  @Test
  void fails_a_revoke_whose_lease_cannot_be_read() throws Exception {
    assertThat(refusal(vault.onLease(Operation.REVOKE, Map.of("key", "k"), Duration.ZERO), 500))
        .contains("client_id is missing");
  }

  @Test
  void an_error_in_a_handler_is_an_answer_to_its_own_request() throws Exception {
    for (var error : List.of(new StackOverflowError(), new NoClassDefFoundError("x"))) {
      vault.storage.before(
          "list journal/",
          () -> {
            throw error;
          });
      try (var logs = new CapturedLogs()) {
        assertThat(refusal(vault.read("status", Map.of()), 500)).contains("its log");
        assertThat(logs.lines(Level.ERROR)).singleElement().asString().contains("met a bug");
      }
      assertThat(data(vault.read("status", Map.of()))).containsKey("session");
    }
  }

  @Test
  void shows_health() throws Exception {
    var status = data(vault.read("status", Map.of()));

    assertThat(status.get("genesys_reachable")).isEqualTo(true);
    assertThat(status.get("shim_version")).isEqualTo("v0.1.0");
    assertThat(status.get("sidecar_version")).isEqualTo("v9.9.9");
    assertThat(status.get("session")).isEqualTo(false);
    assertThat(status.get("budget"))
        .asInstanceOf(MAP)
        .containsAllEntriesOf(
            Map.of(
                "allowed", 300,
                "usable", 300,
                "used", 7,
                "reset_seconds", 42L,
                "paused_seconds", 0L))
        .extractingByKey("waiting")
        .asInstanceOf(MAP)
        .containsOnlyKeys("emergency", "deactivate", "issue", "rotate", "delete", "look");
  }

  @Test
  void says_why_genesys_cannot_be_reached() throws Exception {
    vault.genesys.beAway("organization");

    var status = data(vault.read("status", Map.of()));

    assertThat(status.get("genesys_reachable")).isEqualTo(false);
    assertThat(status.get("genesys_error")).asString().contains("told to be away");
  }

  private void write(Map<String, Object> fields) throws InterruptedException {
    vault.write("roles/name", Map.of("name", "demo"), fields);
  }

  private Reply list() throws InterruptedException {
    return vault.serve("clients/list", Operation.LIST, Map.of(), Map.of());
  }
}
