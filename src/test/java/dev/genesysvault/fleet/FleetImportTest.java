package dev.genesysvault.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.fleet.Result.Kind;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.vaultapi.Pace;
import dev.genesysvault.vaultapi.PlayedVault;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The import of a fleet over a Vault that is played. */
final class FleetImportTest {
  private static final Duration PERIOD = Duration.ofDays(60);
  private static final String ROLE = "static-roles/";

  private final FakeTime time = new FakeTime();
  private final Pace pace = new Pace(time, 60_000);
  private final PlayedVault vault;
  private final VaultApi api;
  private boolean dryRun;
  private String template = "{{client_name}}";

  FleetImportTest() throws IOException {
    vault = new PlayedVault();
    api = new VaultApi(vault.access(), time, pace);
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private static FleetClient client(int line, String role) {
    return new FleetClient(
        line,
        new Credential(new ClientId("client-" + line), Secret.of("s3cret-" + line)),
        role,
        Optional.empty(),
        Optional.empty());
  }

  private ImportSettings settings() {
    return new ImportSettings(
        "genesys",
        dryRun,
        PERIOD,
        Optional.of(Duration.ofHours(2)),
        false,
        new RoleNames(template),
        2);
  }

  private List<Result> run(FleetClient... clients) throws Exception {
    var progress = new Progress(clients.length, pace, time, System.err, false);
    return new FleetImport(settings(), api, pace, time, progress).run(List.of(clients));
  }

  private static Map<String, Object> errors(String... errors) {
    return Map.of("errors", List.of(errors));
  }

  private void accept(String role) {
    vault.on("PUT genesys/" + ROLE + role, 204, "");
    vault.on("PUT genesys/" + ROLE + role + "/import", 204, "");
  }

  private static Map<String, Object> rehearsal(String clientName, String role, String... problems) {
    return Map.of(
        "data",
        Map.of(
            "problems",
            List.of(problems),
            "client_name",
            clientName,
            "static_role",
            role,
            "already_imported",
            false,
            "missing_role_divisions",
            problems.length == 0 ? List.of() : List.of("role-9:*"),
            "missing_permissions",
            List.of("oauth:client:edit")));
  }

  private void lookedUp(Map<String, Object> answer) {
    for (int line = 2; line < 4; line++) {
      vault.on(
          "PUT genesys/static-roles/import-fleet_client-%d_/import".formatted(line), 200, answer);
    }
  }

  @Test
  void writes_each_static_role_and_then_imports_into_it() throws Exception {
    accept("crm");
    accept("web");

    var results = run(client(2, "crm"), client(3, "web"));

    assertThat(results).extracting(Result::kind).containsOnly(Kind.IMPORTED);
    var written = vault.asked("PUT genesys/static-roles/crm").getFirst();
    assertThat(written.body().toString())
        .isEqualTo(
            "{\"rotation_period\":5184000,\"grace_period\":7200,\"defer_initial_creds\":true}");
    assertThat(written.token()).isEqualTo("t0ken");
    assertThat(written.namespace()).isEqualTo("team");
    var imported = vault.asked("PUT genesys/static-roles/web/import").getFirst().body();
    assertThat(imported.path("client_id").asText()).isEqualTo("client-3");
    assertThat(imported.path("client_secret").asText()).isEqualTo("s3cret-3");
    assertThat(results.getLast().firstRotation().orElseThrow())
        .isBetween(
            FakeTime.START.plus(Duration.ofDays(45)),
            FakeTime.START.plus(Duration.ofDays(45)).plusSeconds(5));
    assertThat(imported.path("first_rotation").asText()).startsWith("2026-02-15T00:00:0");
  }

  @Test
  void an_older_plugin_gets_no_dry_run_which_it_would_take_for_an_import() {
    vault
        .forget("GET genesys/static-roles/import-fleet/import")
        .on("GET genesys/static-roles/import-fleet/import", 200, Map.of("help", "keep_imported"));

    assertThatThrownBy(() -> run(client(2, "crm")))
        .isInstanceOf(CannotBeginException.class)
        .hasMessageContaining("plugin of the mount genesys/ is older");
    assertThat(vault.asked()).hasSize(1);
  }

  @Test
  void a_token_that_vault_refuses_and_a_path_that_is_no_mount_are_told() {
    var help = "GET genesys/static-roles/import-fleet/import";
    vault.forget(help).on(help, 403, errors("permission denied"));
    assertThatThrownBy(() -> run(client(2, "crm"))).hasMessageContaining("vault login");

    vault.forget(help);
    assertThatThrownBy(() -> run(client(2, "crm")))
        .hasMessageContaining("genesys/ is no mount of this engine");
  }

  @Test
  void a_limit_is_waited_out_as_the_answer_says_and_tried_again() throws Exception {
    accept("crm");
    vault
        .forget("PUT genesys/static-roles/crm/import")
        .on("PUT genesys/static-roles/crm/import", 429, errors("limit: try again in 40 s (x)"))
        .on("PUT genesys/static-roles/crm/import", 503, errors("sealed"))
        .on("PUT genesys/static-roles/crm/import", 204, "");

    assertThat(run(client(2, "crm")).getFirst().kind()).isEqualTo(Kind.IMPORTED);

    assertThat(pace.paused()).isEqualTo(Duration.ofSeconds(42));
    assertThat(api.waits()).isEqualTo(2);
    var times =
        vault.asked("PUT genesys/static-roles/crm/import").stream()
            .map(request -> request.body().path("first_rotation").asText())
            .toList();
    assertThat(times).doesNotHaveDuplicates();
  }

  @Test
  void a_limit_that_does_not_end_is_given_up_in_the_end() throws Exception {
    accept("crm");
    vault
        .forget("PUT genesys/static-roles/crm/import")
        .on("PUT genesys/static-roles/crm/import", 429, errors("limit: try again in 60 s (x)"));

    var result = run(client(2, "crm")).getFirst();

    assertThat(result.kind()).isEqualTo(Kind.REFUSED);
    assertThat(result.reasons()).containsExactly("limit: try again in 60 s (x)");
    assertThat(pace.paused()).isBetween(Duration.ofMinutes(15), Duration.ofMinutes(17));
    assertThat(vault.asked("DELETE genesys/static-roles/crm")).isEmpty();
  }

  @Test
  void what_is_away_is_asked_again_some_times() throws Exception {
    accept("crm");
    vault
        .forget("PUT genesys/static-roles/crm/import")
        .on("PUT genesys/static-roles/crm/import", 502, errors("Genesys is unavailable: x"));

    assertThat(run(client(2, "crm")).getFirst().kind()).isEqualTo(Kind.REFUSED);
    assertThat(vault.asked("PUT genesys/static-roles/crm/import")).hasSize(8);
  }

  @Test
  void a_static_role_that_was_written_for_a_client_that_is_refused_is_taken_back()
      throws Exception {
    accept("crm");
    vault
        .forget("PUT genesys/static-roles/crm/import")
        .on(
            "PUT genesys/static-roles/crm/import",
            400,
            errors("the log-in with s3cret-2 failed: check client_id and client_secret"))
        .on("DELETE genesys/static-roles/crm", 204, "");

    var result = run(client(2, "crm")).getFirst();

    assertThat(result.kind()).isEqualTo(Kind.REFUSED);
    assertThat(result.reasons())
        .containsExactly("the log-in with (secret) failed: check client_id and client_secret");
    assertThat(vault.asked("DELETE genesys/static-roles/crm")).hasSize(1);
  }

  @Test
  void a_static_role_that_was_there_stays_and_keeps_its_times() throws Exception {
    var there = Map.of("data", Map.of("rotation_period", 864_000));
    var cron = Map.of("data", Map.of("rotation_period", 0, "rotation_schedule", "0 3 1 * *"));
    vault
        .on("GET genesys/static-roles/crm", 200, there)
        .on("PUT genesys/static-roles/crm/import", 204, "")
        .on("GET genesys/static-roles/cron", 200, cron)
        .on("PUT genesys/static-roles/cron/import", 400, errors("no"));

    var results = run(client(2, "crm"), client(3, "cron"));

    assertThat(results.getFirst().firstRotation().orElseThrow())
        .isBefore(FakeTime.START.plus(Duration.ofDays(3)));
    assertThat(vault.asked("PUT genesys/static-roles/cron/import").getFirst().body())
        .noneMatch(value -> value.asText().contains("2026-"));
    assertThat(results.getLast().kind()).isEqualTo(Kind.REFUSED);
    assertThat(vault.asked()).noneMatch(request -> request.what().startsWith("DELETE"));
    assertThat(vault.asked("PUT genesys/static-roles/crm")).isEmpty();
  }

  @Test
  void what_is_in_already_is_not_asked_for_again() throws Exception {
    vault.on(
        "GET genesys/static-roles",
        200,
        Map.of(
            "data",
            Map.of(
                "keys",
                List.of("crm", "web"),
                "key_info",
                Map.of(
                    "crm", Map.of("client_id", "client-2"),
                    "web", Map.of("client_id", "client-3")))));
    accept("again");
    vault
        .forget("PUT genesys/static-roles/again/import")
        .on(
            "PUT genesys/static-roles/again/import",
            200,
            Map.of("data", Map.of("already_imported", true)));

    var results = run(client(2, "crm"), client(3, ""), client(4, "again"));

    assertThat(results).extracting(Result::kind).containsOnly(Kind.ALREADY_THERE);
    assertThat(results).extracting(Result::role).containsExactly("crm", "web", "again");
    assertThat(vault.asked("PUT genesys/static-roles/crm/import")).isEmpty();

    var others = run(client(2, "other"), client(5, "web"));

    assertThat(others).extracting(Result::kind).containsOnly(Kind.REFUSED);
    assertThat(others.getFirst().reasons().getFirst()).contains("in static role crm already");
    assertThat(others.getLast().reasons().getFirst()).contains("web has client client-3 already");
  }

  @Test
  void a_static_role_is_called_as_its_client_where_the_list_does_not_name_it() throws Exception {
    lookedUp(rehearsal("My App", ""));
    accept("my-app");

    assertThat(run(client(2, "")).getFirst().role()).isEqualTo("my-app");

    var clash = run(client(2, ""), client(3, ""), client(4, "my-app"));
    assertThat(clash.getFirst().kind()).isEqualTo(Kind.REFUSED);
    assertThat(clash.getFirst().reasons().getFirst())
        .contains("lines 2, 3, 4 would all get the static role my-app");
    assertThat(clash.getLast().kind()).isEqualTo(Kind.IMPORTED);

    template = "old-{{client_id}}";
    accept("old-client-7");
    assertThat(run(client(7, "")).getFirst().role()).isEqualTo("old-client-7");
  }

  @Test
  void a_client_that_was_succeeded_since_is_in_already() throws Exception {
    lookedUp(rehearsal("", "crm", "the log-in failed"));

    var result = run(client(2, "")).getFirst();

    assertThat(result.kind()).isEqualTo(Kind.ALREADY_THERE);
    assertThat(result.role()).isEqualTo("crm");
  }

  @Test
  void a_dry_run_writes_nothing_and_the_report_says_what_is_missing(@TempDir Path folder)
      throws Exception {
    dryRun = true;
    lookedUp(rehearsal("My App", ""));
    vault.on(
        "PUT genesys/static-roles/crm/import",
        200,
        rehearsal("Crm", "", "the mount's client does not hold [role-9:*]", "and s3cret-2 is bad"));

    var results = run(client(2, "crm"), client(3, ""));

    assertThat(results)
        .extracting(Result::kind)
        .containsExactly(Kind.REFUSED, Kind.WOULD_BE_IMPORTED);
    assertThat(vault.asked())
        .filteredOn(request -> request.what().startsWith("PUT"))
        .allMatch(request -> request.body().path("dry_run").asBoolean());
    var report =
        new FleetReport(
            settings(),
            results,
            FakeTime.START,
            Duration.ofSeconds(500),
            api.requests(),
            api.waits(),
            pace.paused());
    assertThat(report.text())
        .contains("Dry run: nothing was changed. Mount genesys/, 2 clients:")
        .contains("would be imported        1")
        .contains("line 2, client client-2, static role crm: the mount's client does not hold")
        .contains("oauth:client:edit")
        .contains("role-9:*  of 1 clients")
        .contains("8 min 20 s")
        .doesNotContain("s3cret");
    var file = folder.resolve("report.json");
    report.write(file);
    assertThat(Files.readString(file))
        .contains("\"would_be_imported\" : 1", "\"static_role\" : \"my-app\"")
        .doesNotContain("s3cret");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(folder).isDirectoryNotContaining("glob:**.import-fleet*");
  }

  @Test
  void first_rotations_are_reckoned_by_vaults_clock() throws Exception {
    vault
        .forget("GET sys/health")
        .on(
            "GET sys/health",
            200,
            Map.of("server_time_utc", FakeTime.START.plus(Duration.ofDays(1)).getEpochSecond()));
    accept("crm");

    assertThat(run(client(2, "crm")).getFirst().firstRotation().orElseThrow())
        .isAfterOrEqualTo(FakeTime.START.plus(Duration.ofDays(31)));
    assertThat(vault.asked("GET sys/health").getFirst().namespace()).isEqualTo("null");
  }
}
