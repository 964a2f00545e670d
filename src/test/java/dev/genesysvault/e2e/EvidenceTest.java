package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor finds who may do what the page says and no more, by hand and by the command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class EvidenceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path folder;
  private final Stack stack;
  private final SteadyRoles roles;
  private String role = "";
  private String auditor = "";
  private String requester = "";

  EvidenceTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    stack.http.must("genesys/config", Map.of("keep_attribution", true));
    auditor = token("auditor", policyOfThePage());
    requester =
        token(
            "operator",
            "path \"genesys/*\" { capabilities = [\"create\", \"read\", \"update\", \"list\"] }");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private static String policyOfThePage() throws Exception {
    var lines =
        Files.readAllLines(Path.of("docs/evidence.md")).stream()
            .filter(line -> line.startsWith("    path \"genesys/"))
            .toList();
    assertThat(lines).hasSize(4);
    return String.join("\n", lines);
  }

  private String token(String name, String policy) throws Exception {
    stack.http.must("sys/policies/acl/" + name, Map.of("policy", policy));
    return stack
        .http
        .must(
            "auth/token/create",
            Map.of(
                "policies",
                List.of(name),
                "display_name",
                name,
                "no_default_policy",
                true,
                "ttl",
                "2h"))
        .path("auth")
        .path("client_token")
        .asText();
  }

  private VaultHttp as(String token) {
    var http = new VaultHttp(stack.vault.address());
    http.useToken(token);
    return http;
  }

  private List<JsonNode> history() throws Exception {
    var http = as(auditor);
    var all = new ArrayList<JsonNode>();
    for (var id : http.list("genesys/history/" + role)) {
      all.add(http.data("genesys/history/%s/%s".formatted(role, id)));
    }
    return all;
  }

  @Test
  @Order(1)
  void an_auditor_reads_who_asked_for_rotations_and_when_clients_ended() throws Exception {
    role = roles.written("grace_period", "2s", "rotation_period", "1h");
    var first = roles.clientId(role);
    as(requester).must("genesys/rotate-role/" + role, Map.of());
    roles.awaitGone(first);
    var second = roles.clientId(role);
    as(requester).must("genesys/rotate-role/" + role, Map.of("emergency", true));
    roles.awaitGone(second);
    Eventually.is(
        "the history knows of both ends",
        PATIENCE,
        () ->
            history().size() == 3
                && history().stream()
                    .skip(1)
                    .noneMatch(it -> it.path("former_deleted_time").asText().isEmpty()));

    assertThat(as(auditor).list("genesys/history")).containsExactly(role);
    assertThat(history())
        .extracting(it -> it.path("reason").asText())
        .containsExactly("initial", "manual", "emergency");
    assertThat(history().get(0).path("asked_by").path(0).path("display_name").asText())
        .isEqualTo("root");
    var manual = history().get(1);
    assertThat(manual.path("from").asText()).isEqualTo(first);
    assertThat(manual.path("to").asText()).isEqualTo(second);
    assertThat(manual.path("checks").size()).isPositive();
    var asker = manual.path("asked_by").path(0);
    assertThat(asker.path("wish").asText()).isEqualTo("manual");
    assertThat(asker.path("display_name").asText()).isEqualTo("token-operator");
    assertThat(asker.path("request_id").asText()).hasSizeGreaterThan(30);
    assertThat(history().get(2).path("asked_by").path(0).path("wish").asText())
        .isEqualTo("emergency");
    assertThat(as(auditor).get("genesys/static-creds/" + role).status()).isEqualTo(403);
    assertThat(as(auditor).get("genesys/config").status()).isEqualTo(403);
  }

  @Test
  @Order(2)
  void for_whom_a_revoked_client_was_made_is_kept() throws Exception {
    var leased = as(requester).get("genesys/creds/demo").body();
    var id = leased.path("data").path("client_id").asText();
    stack.http.must("sys/leases/revoke", Map.of("lease_id", leased.path("lease_id").asText()));
    roles.awaitGone(id);
    Eventually.is(
        "it is kept", PATIENCE, () -> !as(auditor).list("genesys/decommissioned").isEmpty());

    var hour = as(auditor).list("genesys/decommissioned").getFirst();
    var key = as(auditor).list("genesys/decommissioned/" + hour).getFirst();
    var kept = as(auditor).data("genesys/decommissioned/%s/%s".formatted(hour, key));
    assertThat(kept.path("client_id").asText()).isEqualTo(id);
    assertThat(kept.path("display_name").asText()).isEqualTo("token-operator");
    assertThat(kept.path("ended_by").asText()).isEqualTo("revoke");
  }

  @Test
  @Order(3)
  void the_command_writes_both_files_with_no_secret_in_them() throws Exception {
    var secret = roles.credential(role).getOrDefault("client_secret", "");
    var run = run(Instant.now().minus(Duration.ofDays(1)), Instant.now().plusSeconds(60));

    assertThat(run).isZero();
    var html = Files.readString(folder.resolve("report.html"));
    var csv = Files.readString(folder.resolve("report.csv"));
    assertThat(html)
        .contains(
            "<h3>" + role + "</h3>", "<h2>Emergencies</h2>", "manual by &quot;token-operator&quot;")
        .doesNotContain(secret, auditor, "<script");
    assertThat(csv.lines()).hasSize(5);
    assertThat(csv)
        .contains("rotation," + role, "dynamic_client,demo")
        .doesNotContain(secret, auditor);
    assertThat(Files.readString(folder.resolve("evidence.log")))
        .contains("3 rotations of 1 static roles, 0 of them late; 1 dynamic clients");
  }

  @Test
  @Order(4)
  void a_time_in_which_nothing_happened_gives_an_empty_report() throws Exception {
    assertThat(run(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-02-01T00:00:00Z")))
        .isZero();
    assertThat(Files.readString(folder.resolve("report.csv")).lines()).hasSize(1);
  }

  @Test
  @Order(5)
  void the_history_of_a_deleted_role_says_by_whom() throws Exception {
    roles.delete(role);
    Eventually.is(
        "its last client's end is told",
        PATIENCE,
        () -> !history().getLast().path("former_deleted_time").asText().isEmpty());

    assertThat(history().getLast().path("reason").asText()).isEqualTo("deleted");
    assertThat(history().getLast().path("asked_by").path(0).path("display_name").asText())
        .isEqualTo("root");
  }

  private int run(Instant from, Instant to) throws Exception {
    var log = folder.resolve("evidence.log");
    Files.deleteIfExists(log);
    try (var process =
        RealProcess.start(
            log,
            Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "VAULT_ADDR", stack.vault.address(),
                "VAULT_TOKEN", auditor),
            List.of(
                SidecarProcess.LAUNCHER.toString(),
                "evidence",
                "--mount=genesys",
                "--from=" + from,
                "--to=" + to,
                "--html=" + folder.resolve("report.html"),
                "--csv=" + folder.resolve("report.csv")))) {
      return process.awaitEnd(PATIENCE);
    }
  }
}
