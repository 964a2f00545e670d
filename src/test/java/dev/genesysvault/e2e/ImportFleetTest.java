package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.simulator.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fleet of clients made by hand comes in by the command: rehearsed, killed in the middle,
 * resumed, and once more when the last one is mended. {@code -Dfleet.clients=500 -Dfleet.limit=300
 * -Dfleet.perMinute=60} is what an organisation would see.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class ImportFleetTest {
  private static final int CLIENTS = Integer.getInteger("fleet.clients", 30);
  private static final int LIMIT = Integer.getInteger("fleet.limit", 1_000_000);
  private static final int PER_MINUTE = Integer.getInteger("fleet.perMinute", 6_000);
  private static final Duration PERIOD = Duration.ofDays(60);
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path folder;
  private final Stack stack;
  private final AtomicInteger runs = new AtomicInteger();
  private List<Map<String, String>> fleet = List.of();
  private String token = "";

  ImportFleetTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    stack = Stack.startHasty(folder);
  }

  @BeforeAll
  void fleet() throws Exception {
    stack.mountReady("genesys");
    fleet =
        stack.genesys.madeByHand(
            stack.simulator.loginUrl(),
            IntStream.range(0, CLIENTS).mapToObj("Application %d"::formatted).toList(),
            Map.of(
                "description",
                "made by hand",
                "roleDivisions",
                List.of(Map.of("roleId", Seed.ROLE_READER, "divisionId", Seed.DIVISION_SALES))));
    stack.genesys.turn(Map.of("rate_limit", LIMIT));
    token = tokenOfThePage();
    write("");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  /** Returns one that may do what the page of the command says that it needs, and no more. */
  private String tokenOfThePage() throws Exception {
    var policy =
        Files.readAllLines(Path.of("docs/importing.md")).stream()
            .filter(line -> line.startsWith("    path \"genesys/static-roles"))
            .toList();
    assertThat(policy).hasSize(2);
    stack.http.must("sys/policies/acl/fleet", Map.of("policy", String.join("\n", policy)));
    return stack
        .http
        .must(
            "auth/token/create",
            Map.of("policies", List.of("fleet"), "no_default_policy", true, "ttl", "2h"))
        .path("auth")
        .path("client_token")
        .asText();
  }

  /** What a run left behind. */
  private record Run(int status, String said, JsonNode report, Duration took, int calls) {
    int total(String outcome) {
      return report.path("totals").path(outcome).asInt(-1);
    }
  }

  /** Writes the list: every third client has no name, and the first one perhaps a wrong secret. */
  private void write(String secretOfTheFirst) throws IOException {
    var lines = new ArrayList<String>();
    lines.add("client_id,client_secret,name,owner");
    for (int i = 0; i < CLIENTS; i++) {
      var secret = i == 0 && secretOfTheFirst.isEmpty() ? "wr0ng-s3cret" : secret(i);
      lines.add(
          "%s,%s,%s,\"team %d, floor 2\"".formatted(id(i), secret, i % 3 == 2 ? "" : role(i), i));
    }
    Files.write(folder.resolve("fleet.csv"), lines);
  }

  private String id(int index) {
    return Objects.requireNonNull(fleet.get(index).get("client_id"));
  }

  private String secret(int index) {
    return Objects.requireNonNull(fleet.get(index).get("client_secret"));
  }

  /** Those without a name in the list are called as the client is. */
  private static String role(int index) {
    return "application-" + index;
  }

  private RealProcess start(Path log, Path report, boolean dryRun) throws IOException {
    return RealProcess.start(
        log,
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "VAULT_ADDR", stack.vault.address(),
            "VAULT_TOKEN", token),
        List.of(
            SidecarProcess.LAUNCHER.toString(),
            "import-fleet",
            "--file=" + folder.resolve("fleet.csv"),
            "--dry-run=" + dryRun,
            "--rotation-period=60d",
            "--per-minute=" + PER_MINUTE,
            "--report=" + report));
  }

  private Run run(boolean dryRun) throws Exception {
    int number = runs.incrementAndGet();
    var log = folder.resolve("run-%d.log".formatted(number));
    var report = folder.resolve("run-%d.json".formatted(number));
    int before = stack.genesys.count();
    long begun = System.nanoTime();
    try (var process = start(log, report, dryRun)) {
      int status = process.awaitEnd(PATIENCE);
      var took = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(report).as(process.log()).exists();
      secretsAreNotIn(Files.readString(report) + process.log());
      var run =
          new Run(
              status,
              process.log(),
              MAPPER.readTree(report.toFile()),
              took,
              stack.genesys.count() - before);
      System.out.printf(
          "run %d (%s): %d s, %d calls at Genesys%n%s%n",
          number, dryRun ? "dry" : "in earnest", took.toSeconds(), run.calls(), run.said());
      return run;
    }
  }

  private void secretsAreNotIn(String text) {
    for (int i = 0; i < CLIENTS; i++) {
      assertThat(text).doesNotContain(secret(i));
    }
    assertThat(text).doesNotContain("wr0ng-s3cret", token);
  }

  private JsonNode keyInfo() throws Exception {
    return stack.http.get("genesys/static-roles?list=true").body().path("data").path("key_info");
  }

  private int imported() throws Exception {
    int count = 0;
    for (var info : keyInfo()) {
      count += info.path("client_id").asText().isEmpty() ? 0 : 1;
    }
    return count;
  }

  @Test
  @Order(1)
  void a_dry_run_tells_what_would_come_in_and_changes_nothing() throws Exception {
    var run = run(true);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.total("would_be_imported")).isEqualTo(CLIENTS - 1);
    assertThat(run.said()).contains("Dry run: nothing was changed", "line 2, client " + id(0));
    assertThat(run.report().path("clients").path(2).path("static_role").asText())
        .isEqualTo(role(2));
    assertThat(stack.genesys.count("PUT", "/api/v2/oauth/clients/{clientId}")).isZero();
    assertThat(stack.http.list("genesys/static-roles")).isEmpty();
  }

  @Test
  @Order(2)
  void a_run_that_is_killed_in_the_middle_goes_on_where_it_was() throws Exception {
    int before = stack.genesys.count();
    long begun = System.nanoTime();
    var killed = start(folder.resolve("killed.log"), folder.resolve("killed.json"), false);
    Eventually.is("half of them are in", PATIENCE, () -> imported() >= CLIENTS / 2);
    killed.kill();
    int in = imported();
    System.out.printf(
        "killed after %d s with %d of %d in, %d calls at Genesys%n",
        Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
        in,
        CLIENTS,
        stack.genesys.count() - before);
    assertThat(in).isLessThan(CLIENTS - 1);
    // Genesys' own way to say that there were too many log-ins, for a moment.
    stack.genesys.arm(
        Map.of("path", "/oauth/token", "status", 429, "retry_after", "2", "count", 2));

    var run = run(false);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.total("refused")).isEqualTo(1);
    assertThat(run.total("already_there")).isGreaterThanOrEqualTo(in);
    assertThat(run.total("already_there") + run.total("imported")).isEqualTo(CLIENTS - 1);
    assertThat(run.report().path("limits_met").asInt()).isPositive();
    assertThat(stack.http.list("genesys/static-roles"))
        .hasSize(CLIENTS - 1)
        .doesNotContain(role(0));
    for (int i = 1; i < CLIENTS; i++) {
      var data = stack.http.data("genesys/static-creds/" + role(i));
      assertThat(data.path("client_id").asText()).isEqualTo(id(i));
      assertThat(data.path("client_secret").asText()).isEqualTo(secret(i));
    }
  }

  @Test
  @Order(3)
  void the_last_one_comes_in_when_it_is_mended_and_the_others_cost_nothing() throws Exception {
    write(secret(0));

    var run = run(false);

    assertThat(run.status()).isZero();
    assertThat(run.said()).contains("Everything is in");
    assertThat(run.total("imported")).isEqualTo(1);
    assertThat(run.total("already_there")).isEqualTo(CLIENTS - 1);
    assertThat(run.calls()).isLessThan(20);
    assertThat(stack.genesys.shown(stack.simulator.loginUrl(), id(1)).path("description").asText())
        .startsWith("made by hand | Rotated by Vault for genesys/static-creds/application-1;");
  }

  @Test
  @Order(4)
  void first_rotations_are_spread_over_the_whole_period() throws Exception {
    var info = keyInfo();
    var perSixth = new int[6];
    for (int i = 0; i < CLIENTS; i++) {
      var role = info.path(role(i));
      var left =
          Duration.between(
              Instant.parse(role.path("last_vault_rotation").asText()),
              Instant.parse(role.path("next_rotation").asText()));
      assertThat(left).isBetween(Duration.ZERO, PERIOD);
      perSixth[(int) (left.toSeconds() * 6 / PERIOD.toSeconds())]++;
    }

    assertThat(perSixth)
        .satisfies(all -> {
          for (int some : all) {
            assertThat(some).isBetween(CLIENTS / 6 - 1, CLIENTS / 6 + 1);
          }
        });
  }

  @Test
  @Order(5)
  void a_list_that_cannot_be_used_ends_it_before_anything_is_done() throws Exception {
    Files.writeString(folder.resolve("fleet.csv"), "client_id,client_secret\na,s\na,s\n");
    int before = stack.genesys.count();
    var log = folder.resolve("unusable.log");

    try (var process = start(log, folder.resolve("unusable.json"), false)) {
      assertThat(process.awaitEnd(PATIENCE)).isEqualTo(2);
      assertThat(process.log()).contains("line 3: client a is in line 2 already");
    }

    assertThat(stack.genesys.count()).isEqualTo(before);
    assertThat(folder.resolve("unusable.json")).doesNotExist();
  }
}
