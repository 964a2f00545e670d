package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An import that is rehearsed, repeated, and whose first rotation somebody chooses. */
final class ImportTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Instant NOW = FakeTime.START;

  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void configured() throws Exception {
    it.configure();
    hold("theirs", new RoleDivision("role-1", "*"));
    it.genesys.forgetCalls();
  }

  private void hold(String id, RoleDivision... pairs) {
    it.genesys.hold(
        id,
        ClientBody.of(
            new ClientName("Billing"),
            "made by hand",
            Duration.ofHours(8),
            Set.of(pairs),
            Map.of()));
    it.genesys.allow(new Credential(new ClientId(id), Secret.of("kn0wn")));
  }

  private void write(String name, Object... fields) throws InterruptedException {
    assertThat(it.write("static-roles/name", Map.of("name", name), map(fields)))
        .isInstanceOf(Reply.Nothing.class);
  }

  private void deferred(String name) throws InterruptedException {
    write(name, "rotation_period", MONTH.toSeconds(), "defer_initial_creds", true);
  }

  private static Map<String, Object> map(Object... fields) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return map;
  }

  private Reply adopt(Object... fields) throws InterruptedException {
    return adopt(map(fields));
  }

  private Reply adopt(Map<String, Object> fields) throws InterruptedException {
    var map = map("client_id", "theirs", "client_secret", "kn0wn");
    map.putAll(fields);
    return it.write("static-roles/import", CRM, map);
  }

  private Map<String, ?> rehearsed(Object... fields) throws InterruptedException {
    var storage = it.storage.keys().stream().map(it.storage::text).toList();
    var clients = it.genesys.held();
    var map = map("dry_run", true);
    map.putAll(map(fields));

    var reply = adopt(map);

    assertThat(it.storage.keys().stream().map(it.storage::text).toList()).isEqualTo(storage);
    assertThat(it.genesys.held()).isEqualTo(clients);
    assertThat(reply.toString()).doesNotContain("kn0wn");
    return Replies.data(reply);
  }

  private static String problems(Map<String, ?> data) {
    return String.valueOf(data.get("problems"));
  }

  private Instant nextRotation() throws InterruptedException {
    return Instant.parse(
        String.valueOf(Replies.data(it.read("static-roles/status", CRM)).get("next_rotation")));
  }

  @Test
  void a_dry_run_shows_what_would_be_imported_and_changes_nothing() throws Exception {
    deferred("crm");

    assertThat(rehearsed())
        .usingRecursiveComparison()
        .isEqualTo(
            map(
                "problems",
                List.of(),
                "client_name",
                "Billing",
                "role_divisions",
                List.of("role-1:*"),
                "missing_role_divisions",
                List.of(),
                "missing_permissions",
                List.of(),
                "static_role",
                "",
                "already_imported",
                false));
    assertThat(it.genesys.calls()).doesNotContain("replace");
    assertThat(adopt()).isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void a_dry_run_needs_no_static_role_and_says_so() throws Exception {
    var reply = adopt("dry_run", true);

    assertThat(problems(Replies.data(reply))).isEqualTo("[]");
    assertThat(Replies.warnings(reply)).singleElement().asString().contains("defer_initial_creds");
    assertThat(it.storage.keys()).noneMatch(key -> key.startsWith("static-"));
  }

  @Test
  void a_dry_run_tells_all_that_is_wrong_at_once() throws Exception {
    deferred("crm");
    it.genesys.hold(
        "theirs",
        ClientBody.of(
                new ClientName("Billing"),
                "x | Rotated by Vault for b/static-creds/x; mark fedcba9876543210. Do not edit.",
                Duration.ofHours(8),
                Set.of(new RoleDivision("role-9", "div-7"), new RoleDivision("role-1", "*")),
                Map.of())
            .inactive());
    it.genesys.grant(
        new Grants(
            Set.of(new RoleDivision("role-1", "*")),
            List.of(new Grants.Policy("oauth", "client", Set.of("view", "add")))));

    var data = rehearsed("client_secret", "wr0ng", "first_rotation", "2027-01-01T00:00:00Z");

    assertThat(problems(data))
        .contains("first_rotation is 2027-01-01T00:00:00Z")
        .contains("check client_id and client_secret")
        .contains("whose state is inactive")
        .contains("does not hold [role-9:div-7]")
        .contains("fedcba9876543210")
        .doesNotContain("wr0ng");
    assertThat(data.get("missing_role_divisions")).isEqualTo(List.of("role-9:div-7"));
    assertThat(data.get("missing_permissions"))
        .isEqualTo(List.of("oauth:client:edit", "oauth:client:delete"));
  }

  @Test
  void a_dry_run_says_which_static_role_has_the_client_and_asks_nobody_then() throws Exception {
    deferred("other");
    assertThat(
            it.write(
                "static-roles/import",
                Map.of("name", "other"),
                map("client_id", "theirs", "client_secret", "kn0wn")))
        .isInstanceOf(Reply.Nothing.class);
    it.genesys.forgetCalls();

    var data = rehearsed();

    assertThat(data.get("static_role")).isEqualTo("other");
    assertThat(data.get("already_imported")).isEqualTo(false);
    assertThat(problems(data)).contains("which static role other has");
    assertThat(it.genesys.calls()).isEmpty();
  }

  @Test
  void a_dry_run_ends_where_genesys_says_nothing_of_the_client() throws Exception {
    it.genesys.limit("get", Duration.ofSeconds(7));
    assertThat(Replies.refusal(adopt("dry_run", true), 429)).contains("try again in 7 s");

    it.genesys.beAway("ownGrants");
    assertThat(Replies.refusal(adopt("dry_run", true), 502)).contains("told to be away");
  }

  @Test
  void an_import_that_is_repeated_succeeds_and_asks_nobody() throws Exception {
    deferred("crm");
    var first = "2026-01-11T00:00:00Z";
    assertThat(adopt("first_rotation", first)).isInstanceOf(Reply.Nothing.class);
    var stored = it.storage.text("static-creds/crm");
    it.genesys.forgetCalls();

    for (var again :
        List.of(map(), map("rotate", true), map("first_rotation", "2026-01-12T00:00:00Z"))) {
      assertThat(Replies.warnings(adopt(again)))
          .containsExactly("static role crm has client theirs already: nothing was changed");
      assertThat(Replies.data(adopt())).isEqualTo(Map.of("already_imported", true));
    }

    assertThat(rehearsed().get("already_imported")).isEqualTo(true);
    assertThat(it.storage.text("static-creds/crm")).isEqualTo(stored);
    assertThat(it.genesys.calls()).isEmpty();
  }

  @Test
  void an_import_with_another_secret_is_no_repetition() throws Exception {
    deferred("crm");
    var _ = adopt();

    assertThat(Replies.refusal(adopt("client_secret", "0ther"), 400))
        .contains("has client theirs already, with another secret", "rotate-role/crm")
        .doesNotContain("0ther");
  }

  @Test
  void an_import_that_is_repeated_after_a_rotation_succeeds_as_well() throws Exception {
    deferred("crm");
    assertThat(adopt("rotate", true)).isInstanceOf(Reply.Nothing.class);
    var session = it.attend();
    try {
      for (int i = 0; !it.storage.text("static-creds/crm").contains("\"from\":\"theirs\""); i++) {
        assertThat(i).as("looks at the rotation").isLessThan(5_000);
        it.time.sleep(Duration.ofSeconds(1));
        Thread.sleep(1);
      }
    } finally {
      session.interrupt();
      session.join();
    }
    it.genesys.forgetCalls();

    assertThat(Replies.warnings(adopt()))
        .singleElement()
        .asString()
        .contains("crm adopted client theirs before", "succeeded it");
    assertThat(it.genesys.calls()).isEmpty();
  }

  @Test
  void the_first_rotation_comes_when_somebody_wants_it() throws Exception {
    deferred("crm");
    var wished = NOW.plus(Duration.ofDays(11));

    assertThat(adopt("first_rotation", "2026-01-12T03:00:00+03:00"))
        .isInstanceOf(Reply.Nothing.class);

    assertThat(nextRotation()).isEqualTo(wished);
    write("crm", "usage_check", "warn");
    assertThat(nextRotation()).isEqualTo(wished);
  }

  @Test
  void the_first_rotation_may_be_anywhere_within_a_period_whatever_the_stagger() throws Exception {
    deferred("crm");
    var latest = NOW.plus(MONTH);

    assertThat(adopt("first_rotation", latest.toString())).isInstanceOf(Reply.Nothing.class);

    var session = it.attend();
    for (int i = 0; i < 50; i++) {
      Thread.sleep(1);
      assertThat(nextRotation()).isEqualTo(latest);
    }
    session.interrupt();
    session.join();
  }

  @Test
  void a_first_rotation_at_no_possible_time_is_refused() throws Exception {
    deferred("crm");
    write(
        "nightly",
        "rotation_schedule",
        "0 3 * * *",
        "grace_period",
        60,
        "defer_initial_creds",
        true);

    for (var wrong :
        List.of("2025-12-31T23:59:59Z", "2026-01-31T00:00:01Z", "+999999999-01-01T00:00:00Z")) {
      assertThat(Replies.refusal(adopt("first_rotation", wrong), 400))
          .contains("first_rotation is ", "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z");
    }
    for (var wrong : List.of("tomorrow", "2026-01-12", "2026-01-12T03:00:00", "0")) {
      assertThat(Replies.refusal(adopt("first_rotation", wrong), 400))
          .contains("first_rotation is \"" + wrong + "\"", "2026-03-01T02:30:00Z");
    }
    assertThat(
            Replies.refusal(adopt("first_rotation", "2026-01-12T03:00:00Z", "rotate", true), 400))
        .contains("rotate=true and first_rotation");
    assertThat(
            Replies.refusal(
                it.serve(
                    "static-roles/import",
                    Operation.UPDATE,
                    Map.of("name", "nightly"),
                    map(
                        "client_id",
                        "theirs",
                        "client_secret",
                        "kn0wn",
                        "first_rotation",
                        "2026-01-12T03:00:00Z")),
                400))
        .contains("rotation_schedule, which says when");
    assertThat(it.genesys.calls()).isEmpty();
  }
}
