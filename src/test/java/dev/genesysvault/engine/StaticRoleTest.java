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
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the paths of static roles take, refuse and show, while no background session is open. */
final class StaticRoleTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");
  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void configured() throws Exception {
    it.configure();
    it.genesys.hold(
        "theirs",
        ClientBody.of(
            new ClientName("billing"),
            "made by hand",
            Duration.ofHours(8),
            Set.of(new RoleDivision("role-1", "*")),
            Map.of()));
    it.genesys.allow(new Credential(new ClientId("theirs"), Secret.of("kn0wn")));
    it.genesys.forgetCalls();
  }

  private Reply write(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return it.write("static-roles/name", CRM, map);
  }

  private Reply monthly() throws InterruptedException {
    return write("role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000);
  }

  private Reply importTheirs(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    map.put("client_id", "theirs");
    map.put("client_secret", "kn0wn");
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return it.write("static-roles/import", CRM, map);
  }

  @Test
  void shows_what_was_written_with_its_defaults() throws Exception {
    var _ = monthly();

    assertThat(Replies.data(it.read("static-roles/name", CRM)))
        .usingRecursiveComparison()
        .isEqualTo(
            Map.ofEntries(
                Map.entry("role_divisions", List.of("role-1:*")),
                Map.entry("destinations", List.of()),
                Map.entry("template_client_id", ""),
                Map.entry("client_properties", Map.of()),
                Map.entry("rotation_period", 2_592_000L),
                Map.entry("rotation_schedule", ""),
                Map.entry("rotation_window", 0L),
                Map.entry("grace_period", 3_600L),
                Map.entry("stagger", 259_200L),
                Map.entry("access_token_validity", 0L),
                Map.entry("description", ""),
                Map.entry("name_template", ""),
                Map.entry("metadata", Map.of()),
                Map.entry("verify", true),
                Map.entry("usage_check", "off"),
                Map.entry("usage_check_max_wait", 0L),
                Map.entry("on_delete", "auto")));
  }

  @Test
  void says_that_its_first_client_is_not_there_where_nobody_can_make_it() throws Exception {
    assertThat(Replies.warnings(monthly()).getFirst())
        .contains("background session is not open")
        .contains("genesys/static-roles/crm/status");
    assertThat(Replies.refusal(it.read("static-creds/name", CRM), 503)).contains("is being made");
  }

  @Test
  void refuses_what_makes_no_sense_and_writes_nothing() throws Exception {
    var pairs = List.of("role-1:*");
    it.storage.forgetOperations();
    refused("rotation_period is missing", "role_divisions", pairs);
    refused("role_divisions is missing", "rotation_period", 60);
    refused("give one of them", "rotation_period", 60, "rotation_schedule", "* * * * *");
    refused("rotation_period is 4 seconds; must be 5 to", "rotation_period", 4);
    refused("five fields", "role_divisions", pairs, "rotation_schedule", "at noon");
    refused("rotation_window goes with", "rotation_period", 60, "rotation_window", 3_600);
    refused(
        "rotation_window is 60 seconds; must be at least 3600",
        "rotation_schedule",
        "0 3 * * *",
        "rotation_window",
        60);
    refused(
        "grace_period is 31 seconds; must be 2 to 30", "rotation_period", 60, "grace_period", 31);
    refused("grace_period is 1 seconds", "rotation_period", 60, "grace_period", 1);
    refused(
        "stagger is 41 seconds; must be at most",
        "rotation_period",
        60,
        "grace_period",
        10,
        "stagger",
        41);
    refused("usage_check is \"often\"", "rotation_period", 60, "usage_check", "often");
    refused("usage_check_max_wait goes with", "rotation_period", 60, "usage_check_max_wait", 5);
    refused(
        "usage_check_max_wait is 35 seconds; must be 1 to 34",
        "rotation_period",
        60,
        "grace_period",
        10,
        "usage_check",
        "wait",
        "usage_check_max_wait",
        35);
    refused(
        "usage_check_max_wait is 0 seconds; must be 1 to 0",
        "rotation_period",
        60,
        "usage_check",
        "wait");
    refused("on_delete is \"keep\"", "rotation_period", 60, "on_delete", "keep");
    refused("does not hold", "rotation_period", 60, "role_divisions", List.of("role-9:*"));

    assertThat(it.storage.writes()).isEmpty();
  }

  private void refused(String text, Object... fields) throws InterruptedException {
    assertThat(Replies.refusal(write(fields), 400)).contains(text);
  }

  @Test
  void a_wait_for_calls_to_cease_has_a_default_and_fits_between_two_rotations() throws Exception {
    var _ = monthly();
    var _ = write("usage_check", "wait");
    assertThat(longestWait()).isEqualTo(86_400L);

    var _ = write("rotation_period", 3_600, "grace_period", 60);
    assertThat(longestWait()).isEqualTo(3_600L - 2 * 60 - 360);

    var _ = write("usage_check_max_wait", 100);
    var _ = write("metadata", Map.of("owner", "crm team"));
    assertThat(longestWait()).isEqualTo(100L);

    var _ = write("usage_check", "warn");
    assertThat(longestWait()).isEqualTo(0L);
  }

  private @Nullable Object longestWait() throws InterruptedException {
    return Replies.data(it.read("static-roles/name", CRM)).get("usage_check_max_wait");
  }

  @Test
  void keeps_what_a_later_write_leaves_out_and_follows_a_new_period_with_its_defaults()
      throws Exception {
    var _ = monthly();
    var _ = write("rotation_period", 3_600, "metadata", Map.of("owner", "crm team"));

    assertThat(Replies.data(it.read("static-roles/name", CRM)).get("grace_period"))
        .isEqualTo(1_800L);
    assertThat(Replies.data(it.read("static-roles/name", CRM)).get("stagger")).isEqualTo(0L);
    assertThat(Replies.data(it.read("static-roles/name", CRM)).get("role_divisions"))
        .isEqualTo(List.of("role-1:*"));

    var _ = write("grace_period", 60);
    var _ = write("rotation_period", 7_200);
    assertThat(Replies.data(it.read("static-roles/name", CRM)).get("grace_period")).isEqualTo(60L);
  }

  @Test
  void adopts_a_client_that_logs_in_and_gives_it_out() throws Exception {
    deferred();

    assertThat(importTheirs()).isInstanceOf(Reply.Nothing.class);

    var data = Replies.data(it.read("static-creds/name", CRM));
    assertThat(data.get("client_id")).isEqualTo("theirs");
    assertThat(data.get("client_secret")).isEqualTo("kn0wn");
    assertThat(data.get("rotation_period")).isEqualTo(2_592_000L);
    assertThat(data.get("ttl")).isEqualTo(1_800L);
    assertThat(data.get("last_vault_rotation")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(data.get("login_url")).isEqualTo("https://login.mypurecloud.de");
    assertThat(data)
        .containsOnlyKeys(
            "client_id",
            "client_secret",
            "login_url",
            "api_url",
            "ttl",
            "rotation_period",
            "last_vault_rotation",
            "custom_metadata");
  }

  private void deferred() throws InterruptedException {
    assertThat(write("rotation_period", 2_592_000, "defer_initial_creds", true))
        .isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void adopts_nobody_who_does_not_log_in_or_has_what_the_mount_has_not() throws Exception {
    deferred();

    assertThat(Replies.refusal(importTheirs("client_secret", "wrong"), 400))
        .contains("check client_id and client_secret")
        .doesNotContain("wrong");
    it.genesys.hold(
        "mighty",
        ClientBody.of(
            new ClientName("mighty"),
            "",
            Duration.ofHours(8),
            Set.of(new RoleDivision("role-9", "*")),
            Map.of()));
    it.genesys.allow(new Credential(new ClientId("mighty"), Secret.of("kn0wn")));
    assertThat(Replies.refusal(importTheirs("client_id", "mighty"), 400)).contains("role-9:*");
    assertThat(Replies.refusal(importTheirs("client_id", "own-client"), 400))
        .contains("the mount's own client");
    assertThat(Replies.refusal(it.read("static-creds/name", CRM), 400)).contains("import");
  }

  @Test
  void adopts_a_client_once() throws Exception {
    deferred();
    var _ = importTheirs();

    assertThat(Replies.refusal(importTheirs("client_id", "more"), 400))
        .contains("has client theirs already");
    var other = Map.of("name", "other");
    var _ =
        it.write(
            "static-roles/name",
            other,
            Map.of("rotation_period", 3_600, "defer_initial_creds", true));
    assertThat(
            Replies.refusal(
                it.write(
                    "static-roles/import",
                    other,
                    Map.of("client_id", "theirs", "client_secret", "kn0wn")),
                400))
        .contains("which static role crm has");
  }

  @Test
  void writes_nothing_where_storage_fails_before_the_credential_is_there() throws Exception {
    it.storage.failWhen(Kind.OTHER, "put static-creds/crm"::equals);

    assertThat(Replies.refusal(monthly(), 500)).contains("storage");
    assertThat(it.storage.keys()).doesNotContain("static-roles/crm");
  }

  @Test
  void status_and_list_show_no_secret() throws Exception {
    deferred();
    var _ = importTheirs("rotate", true);

    var status = Replies.data(it.read("static-roles/status", CRM));
    var list = Replies.data(it.serve("static-roles/list", Operation.LIST, Map.of(), Map.of()));

    assertThat(status.toString()).contains("theirs").contains("manual").doesNotContain("kn0wn");
    assertThat(list.toString()).contains("crm").doesNotContain("kn0wn");
  }

  private ClientBody theirs() {
    return Objects.requireNonNull(it.genesys.held().get(new ClientId("theirs")));
  }

  @Test
  void status_shows_in_what_the_present_client_differs_from_what_was_asked_for() throws Exception {
    deferred();
    var _ = importTheirs();
    assertThat(status("drift")).isEqualTo(List.of());

    it.genesys.hold(
        "theirs",
        ClientBody.of(
                new ClientName("billing"),
                theirs().text("description"),
                Duration.ofHours(8),
                Set.of(new RoleDivision("role-2", "div-1")),
                Map.of())
            .inactive());

    assertThat(status("drift"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder(
            "roleDivisions lacks [role-1:*]",
            "roleDivisions has [role-2:div-1] beside",
            "state is inactive instead of active");

    it.genesys.lose(new ClientId("theirs"));
    assertThat(String.valueOf(status("drift")))
        .contains("Genesys has no client theirs any more", "write genesys/rotate-role/crm");
  }

  @Test
  void whoever_reads_is_warned_of_a_client_that_somebody_ended_and_no_longer_once_it_is_well()
      throws Exception {
    deferred();
    var _ = importTheirs();
    var well = theirs();
    assertThat(Replies.warnings(it.read("static-creds/name", CRM))).isEmpty();
    assertThat(status("client_error")).isEqualTo("");

    it.genesys.hold("theirs", well.inactive());
    assertThat(String.valueOf(status("client_error"))).contains("inactive", "rotate-role/crm");
    assertThat(Replies.warnings(it.read("static-creds/name", CRM)))
        .singleElement()
        .asString()
        .contains("client theirs is inactive");
    assertThat(Replies.data(it.read("static-creds/name", CRM)).get("client_id"))
        .isEqualTo("theirs");

    it.genesys.lose(new ClientId("theirs"));
    assertThat(String.valueOf(status("client_error"))).contains("gone");

    it.genesys.hold("theirs", well);
    assertThat(status("client_error")).isEqualTo("");
    assertThat(Replies.warnings(it.read("static-creds/name", CRM))).isEmpty();
  }

  @Test
  void status_says_why_drift_is_not_known() throws Exception {
    deferred();
    var _ = importTheirs();
    it.genesys.beAway("get");

    assertThat(status("drift")).isEqualTo(List.of());
    it.genesys.beAway("get");
    assertThat(String.valueOf(status("drift_error"))).contains("told to be away");
  }

  private @Nullable Object status(String field) throws InterruptedException {
    return Replies.data(it.read("static-roles/status", CRM)).get(field);
  }

  @Test
  void a_wish_is_written_down_and_told_to_wait_where_no_session_is_open() throws Exception {
    deferred();
    var _ = importTheirs();

    var reply = it.write("rotate-role/name", CRM, Map.of());

    assertThat(Replies.data(reply).get("rotated")).isEqualTo(false);
    assertThat(Replies.warnings(reply).getFirst()).contains("not open yet");
    assertThat(
            Replies.refusal(it.write("rotate-role/name", CRM, Map.of("allow_outage", true)), 400))
        .contains("without emergency");
    assertThat(Replies.refusal(it.write("rotate-role/name", Map.of("name", "none"), Map.of()), 400))
        .contains("there is no static role \"none\"");
  }

  @Test
  void the_organisation_stays_while_a_static_role_exists() throws Exception {
    deferred();

    assertThat(Replies.refusal(it.serve("config", Operation.DELETE, Map.of(), Map.of()), 400))
        .contains("static roles");
  }

  @Test
  void a_role_that_is_not_there_is_named() throws Exception {
    assertThat(Replies.refusal(it.read("static-creds/name", CRM), 400))
        .contains("there is no static role \"crm\"");
    assertThat(it.read("static-roles/name", CRM)).isInstanceOf(Reply.Nothing.class);
    assertThat(it.read("static-roles/status", CRM)).isInstanceOf(Reply.Nothing.class);
    assertThat(Replies.refusal(importTheirs(), 400)).contains("static-roles/crm");
  }
}
