package dev.genesysvault.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.vaultapi.Pace;
import dev.genesysvault.vaultapi.PlayedVault;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command writes, of what a Vault answers. */
@Timeout(60)
final class ReportTest {
  private static final String JANUARY = "20260110T000000000Z-a";
  private static final String FEBRUARY = "20260210T000000000Z-b";
  private static final String MARCH = "20260310T000000000Z-c";

  private final Path folder;
  private final PlayedVault vault = new PlayedVault();
  private final FakeTime time = new FakeTime();

  ReportTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private static Map<String, Object> rotation(String day, Map<String, Object> more) {
    var data = new HashMap<String, Object>();
    data.put("reason", "scheduled");
    data.put("asked_time", day + "T00:00:00Z");
    data.put("asked_by", List.of());
    data.put("from", "client-1");
    data.put("to", "client-2");
    data.put("switched_time", day + "T00:00:20Z");
    data.put("checks", List.of("log_in: it logs in"));
    data.put("former_deactivated_time", day + "T01:00:20Z");
    data.put("former_deleted_time", day + "T01:00:21Z");
    data.put("late", List.of());
    data.putAll(more);
    return Map.of("data", data);
  }

  private void history(String role, Map<String, ? extends Object> rotations) {
    vault.on(
        "GET genesys/history/" + role,
        200,
        Map.of("data", Map.of("keys", rotations.keySet().stream().sorted().toList())));
    rotations.forEach(
        (id, rotation) -> vault.on("GET genesys/history/%s/%s".formatted(role, id), 200, rotation));
  }

  private void roles(String... names) {
    vault.on("GET genesys/history", 200, Map.of("data", Map.of("keys", List.of(names))));
  }

  private Totals write() throws Exception {
    var pace = new Pace(time, 1_000_000);
    return report().write(VaultApi.impatient(vault.access(), time, pace, Evidence.PATIENCE), time);
  }

  private Report report() {
    return new Report(
        "genesys",
        Span.of("2026-02-01", "2026-03-01"),
        Optional.of(folder.resolve("report.html")),
        Optional.of(folder.resolve("report.csv")));
  }

  private String html() throws IOException {
    return Files.readString(folder.resolve("report.html"));
  }

  private List<String> csv() throws IOException {
    return Files.readAllLines(folder.resolve("report.csv"));
  }

  @Test
  void what_happened_in_the_span_is_told_and_nothing_else() throws Exception {
    roles("crm", "quiet");
    history(
        "crm",
        Map.of(
            JANUARY, rotation("2026-01-10", Map.of()),
            FEBRUARY, rotation("2026-02-10", Map.of()),
            MARCH, rotation("2026-03-10", Map.of())));
    history("quiet", Map.of(JANUARY, rotation("2026-01-10", Map.of())));

    var totals = write();

    assertThat(totals.roles()).isEqualTo(1);
    assertThat(csv()).hasSize(2);
    assertThat(csv().getLast())
        .startsWith("rotation,crm," + FEBRUARY + ",scheduled,2026-02-10T00:00:00Z,schedule,0,")
        .contains("client-1,client-2,2026-02-10T00:00:20Z,\"[\"\"log_in: it logs in\"\"]\"");
    assertThat(html()).contains("<h3>crm</h3>", "2026-02-10").doesNotContain("quiet", "2026-03-10");
    assertThat(vault.asked("GET genesys/history/crm/" + MARCH)).isEmpty();
  }

  @Test
  void a_rotation_of_before_whose_client_ended_in_the_span_or_has_not_is_told() throws Exception {
    roles("crm", "stuck");
    history(
        "crm",
        Map.of(
            JANUARY,
            rotation("2026-01-10", Map.of("former_deleted_time", "2026-02-02T00:00:00Z"))));
    history("stuck", Map.of(JANUARY, rotation("2026-01-10", Map.of("former_deleted_time", ""))));

    var totals = write();

    assertThat(totals.rotations()).isEqualTo(2);
    assertThat(totals.openCount()).isEqualTo(1);
  }

  @Test
  void however_many_came_after_it_a_former_client_that_lives_on_is_told() throws Exception {
    roles("crm");
    var rotations = new HashMap<String, Map<String, Object>>();
    rotations.put(
        "20250110T000000000Z-a", rotation("2025-01-10", Map.of("former_deleted_time", "")));
    rotations.put(
        "20250210T000000000Z-b",
        rotation("2025-02-10", Map.of("former_deleted_time", "2026-02-03T00:00:00Z")));
    for (int month = 3; month < 10; month++) {
      rotations.put(
          "20250%d10T000000000Z-c".formatted(month),
          rotation("2025-0%d-10".formatted(month), Map.of()));
    }
    history("crm", Map.copyOf(rotations));

    var totals = write();

    assertThat(totals.rotations()).isEqualTo(2);
    assertThat(totals.openCount()).isEqualTo(1);
    assertThat(csv().get(1)).contains("20250110T", "not gone yet");
    assertThat(csv().get(2)).contains("20250210T", "2026-02-03T00:00:00Z,,deleted");
  }

  @Test
  void what_became_of_a_former_client_is_told_as_what_it_is() throws Exception {
    roles("crm");
    history(
        "crm",
        Map.of(
            "20260201T000000000Z-a",
            rotation(
                "2026-02-01",
                Map.of("former_deleted_time", "", "former_released_time", "2026-02-01T02:00:00Z")),
            "20260202T000000000Z-b",
            rotation("2026-02-02", Map.of("former_found_deleted", true)),
            "20260203T000000000Z-c",
            rotation("2026-02-03", Map.of("reason", "missed", "former_deleted_time", "", "to", "")),
            "20260204T000000000Z-d",
            rotation(
                "2026-02-04",
                Map.of(
                    "reason", "deleted", "switched_time", "", "to", "", "former_deleted_time", "")),
            "20260205T000000000Z-e",
            rotation(
                "2026-02-05",
                Map.of(
                    "reason",
                    "emergency",
                    "switched_time",
                    "",
                    "to",
                    "",
                    "former_deleted_time",
                    ""))));

    var totals = write();

    assertThat(totals.openCount()).isEqualTo(2);
    assertThat(csv().get(1)).contains(",2026-02-01T02:00:00Z,\"let go, lives on\",");
    assertThat(csv().get(2)).contains(",found deleted,");
    assertThat(csv().get(3)).doesNotContain("not gone yet");
    assertThat(csv().get(4)).contains(",not gone yet,");
    assertThat(csv().get(5)).contains(",not gone yet,");
    assertThat(html()).contains("let go, lives on 2026-02-01T02:00:00Z", "found deleted 2026-");
  }

  private static Map<String, Object> asker(String name) {
    return Map.of(
        "wish", "manual", "display_name", name, "entity_id", "", "request_id", "r-1", "time", "T");
  }

  @Test
  void no_display_name_makes_two_askers_of_one() throws Exception {
    roles("crm");
    var forged = "x\" at T, entity none, request none; emergency by \"boss\nmanual by chief\u202e";
    history(
        "crm",
        Map.of(
            FEBRUARY,
            rotation(
                "2026-02-10",
                Map.of(
                    "reason",
                    "manual",
                    "asked_by",
                    List.of(asker(forged), asker("=cmd")),
                    "asked_by_others",
                    1_200,
                    "request_ids",
                    List.of("one; two", "=1+1")))));

    var _ = write();

    assertThat(html())
        .contains(
            "<div>manual by &quot;x\\&quot; at T, entity none, request none; emergency by \\&quot;boss\\nmanual by chief\\u202e&quot; at T, entity none, request &quot;r-1&quot;</div>",
            "<div>1,200 others in between, who are not kept</div>",
            "<div>manual by &quot;=cmd&quot; at T");
    assertThat(csv()).hasSize(2);
    assertThat(csv().getLast())
        .contains(
            "\"[{\"\"wish\"\":\"\"manual\"\",\"\"display_name\"\":\"\"x\\\"\" at T,",
            "boss\\nmanual by chief\\u202e",
            ",1200,\"[\"\"one; two\"\",\"\"=1+1\"\"]\",");
  }

  @Test
  void a_client_that_its_reader_never_got_says_so() throws Exception {
    roles();
    var id = "20260210T000000000Z-k";
    vault.on(
        "GET genesys/decommissioned", 200, Map.of("data", Map.of("keys", List.of("20260210T00"))));
    vault.on(
        "GET genesys/decommissioned/20260210T00", 200, Map.of("data", Map.of("keys", List.of(id))));
    vault.on(
        "GET genesys/decommissioned/20260210T00/" + id,
        200,
        Map.of(
            "data",
            Map.of(
                "client_id",
                "client-9",
                "display_name",
                "\uff1dldap-anna",
                "handed_out",
                false,
                "ended_by",
                "taken_back",
                "deleted_time",
                "2026-02-10T00:00:09Z")));

    var _ = write();

    assertThat(html()).contains("<td>never handed out</td>", "<th>asked for by</th>");
    assertThat(csv().getLast())
        .contains("dynamic_client,", ",taken_back,", ",deleted,false,", "ldap-anna");
  }

  @Test
  void late_ones_and_emergencies_come_first() throws Exception {
    roles("crm");
    history(
        "crm",
        Map.of(
            FEBRUARY,
            rotation(
                "2026-02-10",
                Map.of(
                    "reason",
                    "emergency",
                    "late",
                    List.of("readers got the next client 2h after it was due"),
                    "asked_by",
                    List.of(
                        Map.of(
                            "wish",
                            "emergency",
                            "display_name",
                            "ldap-anna",
                            "entity_id",
                            "e-1",
                            "request_id",
                            "r-1",
                            "time",
                            "2026-02-10T00:00:00Z"))))));

    var totals = write();

    assertThat(totals.lateCount()).isEqualTo(1);
    var page = html();
    assertThat(page.indexOf("<h2>Late</h2>"))
        .isPositive()
        .isLessThan(page.indexOf("<h2>Emergencies</h2>"));
    assertThat(page.indexOf("<h2>Emergencies</h2>")).isLessThan(page.indexOf("<h3>crm</h3>"));
    assertThat(page)
        .contains(
            "emergency by &quot;ldap-anna&quot; at 2026-02-10T00:00:00Z, entity &quot;e-1&quot;, request &quot;r-1&quot;");
  }

  @Test
  void whatever_somebody_is_called_stays_text() throws Exception {
    roles("crm");
    history(
        "crm",
        Map.of(
            FEBRUARY,
            rotation(
                "2026-02-10",
                Map.of(
                    "from",
                    "=HYPERLINK(\"http://evil\")",
                    "to",
                    "<script>alert('x')</script>",
                    "switched_time",
                    "\t@SUM(A1), \"quoted\"",
                    "former_handed_over_time",
                    "\uff1dSUM(A1)"))));

    var _ = write();

    assertThat(html())
        .doesNotContain("<script", "alert('x')")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", "default-src 'none'");
    assertThat(csv().getLast())
        .contains(
            "\"'=HYPERLINK(\"\"http://evil\"\")\"",
            "\"'\\u0009@SUM(A1), \"\"quoted\"\"\"",
            ",'\uff1dSUM(A1),");
  }

  @Test
  void what_could_not_be_read_is_named_and_the_rest_is_there() throws Exception {
    roles("a-secret-one", "crm");
    vault.on(
        "GET genesys/history/a-secret-one", 403, Map.of("errors", List.of("permission denied")));
    history("crm", Map.of(FEBRUARY, rotation("2026-02-10", Map.of())));

    var totals = write();

    assertThat(totals.gapCount()).isEqualTo(1);
    assertThat(totals.rotations()).isEqualTo(1);
    assertThat(html())
        .contains("not complete", "genesys/history/a-secret-one", "permission denied");
    assertThat(csv().getLast()).startsWith("not_read,,,").contains("permission denied");
  }

  @Test
  void a_mount_without_a_history_gives_an_empty_report() throws Exception {
    vault.on("GET genesys/history", 404, Map.of("errors", List.of()));

    var totals = write();

    assertThat(totals.rotations()).isZero();
    assertThat(totals.gapCount()).isZero();
    assertThat(csv()).hasSize(1);
  }

  @Test
  void a_mount_that_is_none_leaves_no_files() {
    vault.on("GET genesys/history", 404, Map.of("errors", List.of("no handler for route")));

    assertThatIllegalArgumentException()
        .isThrownBy(this::write)
        .withMessageContaining("genesys/history cannot be listed: no handler for route");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_sealed_vault_is_told_within_two_minutes_with_what_to_do() {
    vault.on("GET genesys/history", 503, Map.of("errors", List.of("Vault is sealed")));

    assertThatIllegalArgumentException()
        .isThrownBy(this::write)
        .withMessageContaining("genesys/history cannot be listed: HTTP 503 (Vault is sealed)")
        .withMessageContaining("unseal it")
        .withMessageContaining("run the command again");

    assertThat(time.sleeps().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Evidence.PATIENCE);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_vault_that_is_sealed_in_between_ends_the_report_and_is_named() throws Exception {
    var names = new String[500];
    for (int i = 0; i < names.length; i++) {
      names[i] = "role-%d".formatted(i);
      vault.on("GET genesys/history/" + names[i], 503, Map.of("errors", List.of("sealed")));
    }
    roles(names);

    var totals = write();

    assertThat(time.sleeps().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Evidence.PATIENCE);
    assertThat(totals.gaps())
        .hasSizeLessThan(10)
        .last()
        .asString()
        .contains("was not read", "HTTP 503 (sealed)", "run the command again");
  }

  @Test
  void the_page_of_a_proxy_is_no_empty_history() throws Exception {
    vault.onRaw(
        "GET genesys/history", 404, "<html>not here</html>", Map.of("Content-Type", "text/html"));

    assertThatIllegalArgumentException()
        .isThrownBy(this::write)
        .withMessageContaining("HTTP 404 is no JSON of Vault's but text/html")
        .withMessageContaining("VAULT_ADDR");

    vault.forget("GET genesys/history");
    roles("crm", "ivr");
    history("ivr", Map.of(FEBRUARY, rotation("2026-02-10", Map.of())));
    vault.onRaw("GET genesys/history/crm", 200, "<html>", Map.of());

    var totals = write();

    assertThat(totals.gaps()).singleElement().asString().contains("genesys/history/crm: HTTP 200");
    assertThat(totals.rotations()).isEqualTo(1);
  }

  @Test
  void the_files_are_for_nobody_else() throws Exception {
    roles("crm");

    var _ = write();

    for (var name : List.of("report.html", "report.csv")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void a_vault_that_is_gone_is_not_asked_for_every_role() throws Exception {
    roles("a", "b", "c", "d", "e", "f");
    vault.on("GET genesys/history/a", 500, Map.of("errors", List.of("sealed")));
    history("b", Map.of(FEBRUARY, rotation("2026-02-10", Map.of())));

    var totals = write();

    assertThat(totals.gaps()).anyMatch(gap -> gap.contains("sealed"));
    assertThat(totals.rotations()).isEqualTo(1);
  }

  @Test
  void a_span_needs_two_times_in_order() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Span.of("2026-02-01", "2026-02-01"))
        .withMessageContaining("--to is 2026-02-01; must be later");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Span.of("yesterday", "2026-02-01"))
        .withMessageContaining("--from is \"yesterday\"; must be a day");
    assertThat(Span.of("2026-02-01", "2026-02-01T02:00:00+01:00"))
        .extracting(Span::to)
        .hasToString("2026-02-01T01:00:00Z");
  }
}
