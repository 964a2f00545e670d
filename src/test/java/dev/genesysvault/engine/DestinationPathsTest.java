package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.upstream.Grants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code destinations/} and {@code destinations} of static roles take, refuse and show. */
final class DestinationPathsTest {
  private static final Map<String, String> KV = Map.of("name", "kv");
  private static final String CREDENTIAL = "0a1b2c3d-1111-2222-3333-444455556666";
  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void configured() throws Exception {
    it.configure();
  }

  private static Map<String, Object> map(Object... fields) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return map;
  }

  private Reply write(Object... fields) throws InterruptedException {
    return it.write("destinations/name", KV, map(fields));
  }

  private Reply made() throws InterruptedException {
    return write("kind", "vault_kv", "address", "kv.test", "secret_id", "s3cret");
  }

  private Reply role(String name, Object destinations) throws InterruptedException {
    return it.write(
        "static-roles/name",
        Map.of("name", name),
        map(
            "role_divisions",
            List.of("role-1:*"),
            "rotation_period",
            2_592_000,
            "destinations",
            destinations));
  }

  @Test
  void shows_what_was_written_with_its_defaults_and_no_secret() throws Exception {
    var _ = made();

    var reply = it.read("destinations/name", KV);

    assertThat(data(reply))
        .usingRecursiveComparison()
        .isEqualTo(
            map(
                "kind",
                "vault_kv",
                "address",
                "kv.test",
                "required",
                true,
                "auto_repair",
                false,
                "on_delete",
                "keep",
                "drift_check",
                86_400L));
    assertThat(reply.toString()).doesNotContain("s3cret");
    assertThat(it.storage.text("sealed/destinations/kv")).contains("s3cret");
  }

  @Test
  void a_later_write_keeps_what_it_leaves_out_and_an_empty_text_takes_away() throws Exception {
    var _ = made();
    var _ = write("required", false, "drift_check", 0, "on_delete", "delete");
    var _ = write("auto_repair", true, "secret_id", "");

    assertThat(data(it.read("destinations/name", KV)).toString())
        .contains("address=kv.test", "required=false", "drift_check=0", "auto_repair=true")
        .contains("on_delete=delete");
    assertThat(it.storage.text("sealed/destinations/kv")).doesNotContain("s3cret");
  }

  @Test
  void what_cannot_be_is_refused_and_changes_nothing() throws Exception {
    assertThat(refusal(write("kind", "ftp"), 400))
        .isEqualTo(
            "kind is \"ftp\"; must be one of aws_secrets_manager, gcp_secret_manager, integration_credential, vault_kv");
    assertThat(refusal(write("kind", "vault_kv"), 400)).contains("address is missing");
    assertThat(refusal(write("kind", "vault_kv", "address", "a", "role_id", "r"), 400))
        .isEqualTo("role_id is no field of the kind vault_kv, which has address, secret_id");
    assertThat(refusal(write("kind", "vault_kv", "address", "a", "drift_check", 5), 400))
        .contains("drift_check is 5 seconds; must be at least 60, or 0 for never");
    assertThat(refusal(write("kind", "vault_kv", "address", "a", "on_delete", "burn"), 400))
        .contains("on_delete is \"burn\"; must be one of keep, delete");
    assertThat(it.read("destinations/name", KV)).isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void a_secret_goes_to_no_other_address_than_it_was_given_for() throws Exception {
    var _ = made();

    assertThat(refusal(write("address", "elsewhere.test"), 400))
        .contains("address changes, and secret_id was given for the former one");
    assertThat(write("address", "elsewhere.test", "secret_id", "another"))
        .isEqualTo(Reply.written(List.of()));
  }

  @Test
  void lists_its_destinations() throws Exception {
    var _ = made();

    assertThat(data(it.serve("destinations/list", Operation.LIST, Map.of(), Map.of())))
        .usingRecursiveComparison()
        .isEqualTo(Map.of("keys", List.of("kv")));
  }

  @Test
  void a_check_says_what_is_missing_and_changes_nothing() throws Exception {
    var _ = made();
    var check = Map.of("destination", "kv");

    assertThat(data(it.write("destinations/check", check, map("name", "apps/crm"))).toString())
        .contains("ok=true");
    it.destinations.fail("kv.test", Extent.DESTINATION, "permission denied");
    assertThat(data(it.write("destinations/check", check, map("name", "apps/crm"))).toString())
        .contains("ok=false", "permission denied");
    assertThat(refusal(it.write("destinations/check", check, map("name", "a/../b")), 400))
        .contains("leads elsewhere");
    assertThat(
            refusal(
                it.write("destinations/check", Map.of("destination", "x"), map("name", "a")), 400))
        .contains("there is no destination \"x\"");
    assertThat(it.destinations.at("kv.test", "apps/crm")).isEmpty();
  }

  @Test
  void a_static_role_names_its_destinations() throws Exception {
    var _ = made();
    var _ =
        it.write(
            "destinations/name",
            Map.of("name", "other"),
            map("kind", "vault_kv", "address", "other.test"));

    var _ =
        role(
            "crm",
            List.of(
                "kv",
                map(
                    "destination",
                    "other",
                    "name",
                    "apps/crm",
                    "template",
                    map("id", "{{client_id}}:{{client_secret}}"))));

    assertThat(data(it.read("static-roles/name", Map.of("name", "crm"))).get("destinations"))
        .isEqualTo(
            List.of(
                map("destination", "kv", "name", "crm"),
                map(
                    "destination",
                    "other",
                    "name",
                    "apps/crm",
                    "template",
                    map("id", "{{client_id}}:{{client_secret}}"))));
    assertThat(data(it.read("static-roles/status", Map.of("name", "crm"))).toString())
        .contains("destination=kv", "state=pending", "destination=other");
  }

  @Test
  void what_a_static_role_cannot_write_to_is_refused() throws Exception {
    var _ = made();
    assertThat(refusal(role("crm", List.of("nowhere")), 400))
        .contains("destinations names \"nowhere\", which there is not");
    assertThat(refusal(role("crm", List.of(map("destination", "kv", "name", "../x"))), 400))
        .contains("leads elsewhere");
    assertThat(refusal(role("crm", List.of("kv", "kv")), 400))
        .contains("destinations names crm of destination kv twice");
    assertThat(refusal(role("crm", List.of(map("destination", "kv", "path", "x"))), 400))
        .contains("with the member path; known are [destination, name, template]");
    assertThat(
            refusal(
                role(
                    "crm",
                    List.of(
                        map(
                            "destination",
                            "kv",
                            "template",
                            map("p", "{{client_secret}}{{password}}")))),
                400))
        .contains("names [password]; known are");
    assertThat(refusal(role("crm", List.of(7)), 400)).contains("destinations holds \"7\"");
    assertThat(it.read("static-roles/name", Map.of("name", "crm")))
        .isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void an_entry_is_one_role_s_by_whatever_name_of_its_destination() throws Exception {
    var _ = made();
    for (var other : Map.of("again", "kv.test", "elsewhere", "other.test").entrySet()) {
      var fields = map("kind", "vault_kv", "address", other.getValue(), "secret_id", "s3cret");
      var _ = it.write("destinations/name", Map.of("name", other.getKey()), fields);
    }
    var _ = role("crm", List.of(map("destination", "kv", "name", "shared")));

    assertThat(refusal(role("one", List.of(map("destination", "again", "name", "shared"))), 400))
        .contains("static role crm writes to one of the same entries");
    assertThat(refusal(role("two", List.of("kv", "again")), 400))
        .contains("two of destination again is the same entry as two of destination kv")
        .contains("name one of them");
    var _ = role("three", List.of("kv", map("destination", "again", "name", "x")));
    var _ = role("four", List.of(map("destination", "elsewhere", "name", "shared")));
    for (var taken : List.of("three", "four")) {
      assertThat(it.read("static-roles/name", Map.of("name", taken)))
          .isNotInstanceOf(Reply.Nothing.class);
    }
  }

  @Test
  void an_entry_is_one_role_s() throws Exception {
    var _ = made();
    var _ = role("crm", List.of(map("destination", "kv", "name", "shared")));

    assertThat(refusal(role("billing", List.of(map("destination", "kv", "name", "shared"))), 400))
        .contains("static role crm writes to one of the same entries");
    assertThat(role("crm", List.of(map("destination", "kv", "name", "shared"))))
        .isEqualTo(Reply.written(List.of()));
  }

  private static Object integration(Object... more) {
    var entry = map("destination", "crm", "name", CREDENTIAL);
    entry.putAll(map(more));
    return entry;
  }

  private Reply integrations(Object... fields) throws InterruptedException {
    var all = map("kind", "integration_credential");
    all.putAll(map(fields));
    return it.write("destinations/name", Map.of("name", "crm"), all);
  }

  @Test
  void what_integrations_log_in_with_has_no_fields_and_is_not_deleted() throws Exception {
    assertThat(refusal(integrations("address", "a"), 400))
        .isEqualTo("address is no field of the kind integration_credential, which has none");
    assertThat(refusal(integrations("on_delete", "delete"), 400))
        .contains("must be keep for the kind integration_credential");
    assertThat(integrations()).isEqualTo(Reply.written(List.of()));

    assertThat(data(it.read("destinations/name", Map.of("name", "crm"))).toString())
        .contains("kind=integration_credential", "on_delete=keep")
        .doesNotContain("address");
    assertThat(refusal(integrations("on_delete", "delete"), 400)).contains("must be keep");
  }

  @Test
  void what_integrations_log_in_with_is_named_by_its_id_and_takes_no_template() throws Exception {
    var _ = integrations();

    assertThat(refusal(role("crm", List.of("crm")), 400))
        .contains("\"crm\" is no id of an integration's credential; must be a UUID");
    assertThat(
            refusal(
                role("crm", List.of(integration("template", map("a", "{{client_secret}}")))), 400))
        .contains("has a template, and the kind integration_credential takes none");
    var _ = role("crm", List.of(integration()));
    assertThat(data(it.read("static-roles/name", Map.of("name", "crm"))).get("destinations"))
        .isEqualTo(List.of(integration()));
  }

  @Test
  void a_destination_that_is_used_is_not_turned_into_another_kind() throws Exception {
    var _ = integrations();
    var _ = role("crm", List.of(integration()));

    assertThat(refusal(integrations("kind", "vault_kv", "address", "kv.test"), 400))
        .contains("destination crm is that of the static roles [crm]");
  }

  @Test
  void a_check_of_what_an_integration_logs_in_with_acts_as_the_mount_s_client() throws Exception {
    var _ = integrations();
    it.genesys.integrations().hold(CREDENTIAL, "CRM", "pureCloudOAuthClient");
    var crm = Map.of("destination", "crm");

    assertThat(data(it.write("destinations/check", crm, map("name", CREDENTIAL))).toString())
        .contains("ok=false", "lacks integrations:integration:view, integrations:integration:edit");
    it.genesys.grant(
        new Grants(
            Set.of(),
            List.of(new Grants.Policy("integrations", "integration", Set.of("view", "edit")))));
    assertThat(data(it.write("destinations/check", crm, map("name", CREDENTIAL))).toString())
        .contains("ok=true", "\"CRM\" of the type pureCloudOAuthClient");
    assertThat(it.genesys.integrations().lanes()).containsOnly(Lane.ISSUE);
  }

  @Test
  void that_a_value_cannot_be_read_back_is_shown() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    var vault = mount.vault;
    vault.genesys.integrations().hold(CREDENTIAL, "CRM", "pureCloudOAuthClient");
    var _ =
        vault.write(
            "destinations/name", Map.of("name", "crm"), map("kind", "integration_credential"));
    mount.meanwhile(() ->
        vault.write(
            "static-roles/name",
            AttendedMount.CRM,
            map(
                "role_divisions",
                List.of("role-1:*"),
                "rotation_period",
                2_592_000,
                "destinations",
                List.of(integration()))));
    mount.eventually(() -> vault.genesys.integrations().login(CREDENTIAL).isPresent());

    mount.eventually(() ->
        data(vault.read("static-roles/status", AttendedMount.CRM))
            .toString()
            .contains("state=confirmed, detail=not readable"));
    mount.end();
  }

  @Test
  void a_destination_that_is_used_cannot_be_deleted() throws Exception {
    var _ = made();
    var _ = role("crm", List.of("kv"));

    assertThat(refusal(it.serve("destinations/name", Operation.DELETE, KV, Map.of()), 400))
        .contains("destination kv is that of the static roles [crm]");

    var _ = role("crm", List.of());
    assertThat(it.serve("destinations/name", Operation.DELETE, KV, Map.of()))
        .isInstanceOf(Reply.Nothing.class);
    assertThat(it.read("destinations/name", KV)).isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void a_destination_stays_while_something_there_is_to_be_taken_away() throws Exception {
    var _ = write("kind", "vault_kv", "address", "kv.test", "on_delete", "delete");
    var _ = role("crm", List.of("kv"));
    var _ = role("crm", List.of());

    assertThat(refusal(it.serve("destinations/name", Operation.DELETE, KV, Map.of()), 400))
        .contains("what static roles [crm] have left at destination kv");
  }

  @Test
  void a_template_that_carries_no_secret_is_a_mistake() throws Exception {
    var _ = made();

    assertThat(
            refusal(
                role(
                    "crm",
                    List.of(map("destination", "kv", "template", map("p", "{client_secret}")))),
                400))
        .contains("the template of kv names no {{client_secret}}");
  }

  @Test
  void sending_again_wants_a_role_that_goes_there() throws Exception {
    var _ = made();
    var crm = Map.of("name", "crm");
    assertThat(refusal(it.write("static-roles/resend", crm, Map.of()), 400))
        .contains("there is no static role \"crm\"");
    var _ = role("crm", List.of());
    assertThat(refusal(it.write("static-roles/resend", crm, Map.of()), 400))
        .contains("static role crm has no destinations");
    var _ = role("crm", List.of("kv"));
    assertThat(
            refusal(
                it.write("static-roles/resend", crm, map("destinations", List.of("kv,x"))), 400))
        .contains("destinations names [x], which static role crm does not have; it has [kv]");
  }

  /** Opens a mount whose static role {@code crm} goes to {@code kv}, and has its first client. */
  private static AttendedMount sentToKv() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    var vault = mount.vault;
    var _ = vault.write("destinations/name", KV, map("kind", "vault_kv", "address", "kv.test"));
    mount.meanwhile(() ->
        vault.write(
            "static-roles/name",
            AttendedMount.CRM,
            map(
                "role_divisions",
                List.of("role-1:*"),
                "rotation_period",
                2_592_000,
                "destinations",
                List.of("kv"))));
    mount.eventually(() -> mount.current().isPresent());
    return mount;
  }

  @Test
  void what_was_overwritten_is_right_again_after_a_word() throws Exception {
    var mount = sentToKv();
    var vault = mount.vault;
    var id = mount.current().orElseThrow().value();
    assertThat(vault.destinations.clientAt("kv.test", "crm")).isEqualTo(id);
    vault.destinations.overwrite("kv.test", "crm");

    mount.meanwhile(() -> vault.write("static-roles/resend", AttendedMount.CRM, Map.of()));

    mount.eventually(() -> vault.destinations.clientAt("kv.test", "crm").equals(id));
    mount.eventually(() -> Long.valueOf(0).equals(mount.rotations().get("destinations_behind")));
    // What concerns the entry is sent anew; what it holds is not written again.
    var _ = vault.write("destinations/name", KV, map("auto_repair", true));
    mount.eventually(() -> Long.valueOf(0).equals(mount.rotations().get("destinations_behind")));
    assertThat(vault.destinations.at("kv.test", "crm").orElseThrow().version()).isEqualTo(3);
    mount.end();
  }

  @ParameterizedTest
  @EnumSource(Extent.class)
  @Timeout(60)
  void sending_again_waits_for_no_pause_and_answers_what_came_of_it(Extent extent)
      throws Exception {
    var mount = sentToKv();
    var vault = mount.vault;
    vault.destinations.overwrite("kv.test", "crm");
    vault.destinations.fail("kv.test", extent, "kv.test takes nothing");
    mount.meanwhile(() -> vault.write("static-roles/resend", AttendedMount.CRM, Map.of()));
    mount.eventually(() -> shown(mount).contains("attempts=7"));
    assertThat(shown(mount)).contains("state=failing", "last_error=kv.test takes nothing");

    // No time goes by.
    var stillFailing = vault.write("static-roles/resend", AttendedMount.CRM, Map.of());
    vault.destinations.mend("kv.test");
    var mended = vault.write("static-roles/resend", AttendedMount.CRM, Map.of());

    assertThat(data(stillFailing).toString()).contains("state=failing", "attempts=8");
    assertThat(warnings(stillFailing)).hasSize(1);
    assertThat(data(mended).toString()).contains("state=confirmed", "attempts=0");
    assertThat(warnings(mended)).isEmpty();
    assertThat(vault.destinations.clientAt("kv.test", "crm"))
        .isEqualTo(mount.current().orElseThrow().value());
    mount.end();
  }

  private static String shown(AttendedMount mount) throws InterruptedException {
    var status = data(mount.vault.read("static-roles/status", AttendedMount.CRM));
    return String.valueOf(status.get("destinations"));
  }
}
