package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a later write changes of a static role that has clients, and what it leaves alone. */
final class StaticRoleEditsTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");
  private static final ClientKey NEXT = new ClientKey("0123456789abcdef01234567");
  private final EngineHarness it = new EngineHarness();
  private final MountStorage storage = new MountStorage(it.storage);

  @BeforeEach
  void imported() throws Exception {
    it.configure();
    it.genesys.hold("theirs", body("role-1:*"));
    it.genesys.allow(new Credential(new ClientId("theirs"), Secret.of("kn0wn")));
  }

  private static ClientBody body(String pair) {
    var parts = pair.split(":", -1);
    return ClientBody.of(
        new ClientName("billing"),
        "made by hand",
        Duration.ofHours(8),
        Set.of(new RoleDivision(parts[0], parts[1])),
        Map.of());
  }

  private Reply write(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    var reply = it.write("static-roles/name", CRM, map);
    assertThat(reply).isNotInstanceOf(Reply.Refusal.class);
    return reply;
  }

  private void adopt(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    map.put("client_id", "theirs");
    map.put("client_secret", "kn0wn");
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    assertThat(it.write("static-roles/import", CRM, map)).isInstanceOf(Reply.Nothing.class);
  }

  private StaticCredential credential() throws InterruptedException {
    return storage.staticCredentials().entry("crm").get().orElseThrow();
  }

  private void change(Consumer<StaticCredential.Draft> change) throws InterruptedException {
    storage.staticCredentials().entry("crm").put(credential().with(change));
  }

  @Test
  void a_write_that_changes_no_time_leaves_the_next_rotation_where_it_is() throws Exception {
    write("rotation_schedule", "0 3 1 * *", "stagger", 7_200, "defer_initial_creds", true);
    adopt();
    // Its slot has passed, and its own share of the stagger has not.
    var due = Instant.parse("2026-01-01T00:30:00Z");
    change(draft -> draft.nextRotation = due);

    write("metadata", Map.of("owner", "crm team"), "grace_period", 600);

    assertThat(credential().nextRotation()).isEqualTo(due);
  }

  @Test
  void a_shorter_period_that_is_over_already_is_due_now_and_no_earlier() throws Exception {
    write("rotation_period", 2_592_000, "defer_initial_creds", true);
    adopt();
    it.time.advance(Duration.ofDays(20));

    write("rotation_period", 604_800);

    assertThat(credential().nextRotation()).isEqualTo(it.time.now());
  }

  @Test
  void other_pairs_take_back_a_successor_that_nobody_has_yet() throws Exception {
    write("role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000);
    verified();

    write("role_divisions", List.of("role-2:div-1"));

    assertThat(credential().phase()).isEqualTo(Phase.IDLE);
    assertThat(credential().next()).isNull();
    assertThat(credential().run()).isNotNull();
    assertThat(storage.client(NEXT).get().orElseThrow().state())
        .isEqualTo(ClientRecord.State.RETIRING);
  }

  @Test
  void a_write_that_changes_no_client_leaves_the_successor_alone() throws Exception {
    write("role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000);
    verified();

    write("grace_period", 60);

    assertThat(credential().phase()).isEqualTo(Phase.CREATED);
    assertThat(storage.client(NEXT).get()).isEmpty();
  }

  @Test
  void other_metadata_leaves_the_successor_alone() throws Exception {
    write("role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000);
    verified();

    write("metadata", Map.of("owner", "crm team"));

    assertThat(credential().phase()).isEqualTo(Phase.CREATED);
    assertThat(storage.client(NEXT).get()).isEmpty();
  }

  @Test
  void only_what_makes_another_client_is_told_to_come_with_the_next_rotation() throws Exception {
    write("rotation_period", 2_592_000, "defer_initial_creds", true);
    adopt();

    assertThat(write("metadata", Map.of("owner", "crm team"))).isInstanceOf(Reply.Nothing.class);
    assertThat(Replies.warnings(write("description", "of the CRM")))
        .anyMatch(warning -> warning.contains("next rotation"));
  }

  private void verified() throws InterruptedException {
    var next =
        new StaticClient(
                NEXT,
                new ClientName("next"),
                "org-1",
                body("role-1:*"),
                it.time.now(),
                Endpoint.of("mypurecloud.de"),
                null,
                null,
                false,
                false,
                Map.of())
            .made(new ClientId("client-9"), Secret.of("n3xt"));
    change(draft -> {
      draft.phase = Phase.CREATED;
      draft.next = next;
      draft.run =
          new RotationRun(Reason.MANUAL, false, it.time.now(), it.time.now().plusSeconds(60));
    });
  }

  @Test
  void an_imported_client_is_what_successors_copy_whatever_the_role_named_before()
      throws Exception {
    it.genesys.hold("template", body("role-2:div-1"));
    write(
        "rotation_period",
        2_592_000,
        "template_client_id",
        "template",
        "defer_initial_creds",
        true);
    assertThat(credential().original()).isEqualTo(new ClientId("template"));

    adopt();

    assertThat(credential().original()).isNull();
  }

  @Test
  void a_rotation_that_begins_with_an_import_may_wait_for_calls_to_cease() throws Exception {
    write("rotation_period", 2_592_000, "usage_check", "wait", "defer_initial_creds", true);

    adopt("rotate", true);

    var run = credential().run();
    assertThat(run).isNotNull();
    assertThat(run.finishBy())
        .isEqualTo(it.time.now().plus(Duration.ofHours(2)).plus(Duration.ofDays(1)));
  }

  @Test
  void a_leased_client_is_not_imported_before_the_session_knows_every_record() throws Exception {
    it.write("roles/name", Map.of("name", "demo"), Map.of("role_divisions", List.of("role-1:*")));
    var leased = Replies.data(it.readAs("request-of-the-lease", "demo"));
    write("rotation_period", 2_592_000, "defer_initial_creds", true);

    var reply =
        it.write(
            "static-roles/import",
            CRM,
            Map.of(
                "client_id", String.valueOf(leased.get("client_id")),
                "client_secret", String.valueOf(leased.get("client_secret"))));

    assertThat(Replies.refusal(reply, 400)).contains("which this mount made");
  }

  @Test
  void a_role_that_was_lost_gets_its_clients_back() throws Exception {
    write("rotation_period", 2_592_000, "defer_initial_creds", true);
    adopt();
    storage.staticRoles().entry("crm").delete();

    write("rotation_period", 2_592_000, "defer_initial_creds", true);

    assertThat(Replies.data(it.read("static-creds/name", CRM)).get("client_id"))
        .isEqualTo("theirs");
  }

  @Test
  void a_grace_fits_between_any_two_slots_and_not_only_between_the_next_ones() throws Exception {
    var fields =
        Map.<String, Object>of(
            "rotation_schedule",
            "0 3 1,2 * *",
            "grace_period",
            14 * 86_400,
            "defer_initial_creds",
            true);
    it.time.advance(Duration.ofDays(14));

    assertThat(Replies.refusal(it.write("static-roles/name", CRM, fields), 400))
        .contains("must be 2 to 43200");
  }

  @Test
  void a_stagger_leaves_half_of_the_window() throws Exception {
    var fields =
        Map.<String, Object>of(
            "rotation_schedule",
            "0 3 * * *",
            "rotation_window",
            7_200,
            "stagger",
            3_601,
            "defer_initial_creds",
            true);

    assertThat(Replies.refusal(it.write("static-roles/name", CRM, fields), 400))
        .contains("must be at most 3600");
  }
}
