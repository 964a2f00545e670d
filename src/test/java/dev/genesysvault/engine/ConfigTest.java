package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.upstream.Grants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigTest {
  private final EngineHarness vault = new EngineHarness();

  @Test
  void shows_everything_but_the_secret() throws Exception {
    vault.configure();

    Map<String, Object> shown = new LinkedHashMap<>(data(vault.read("config", Map.of())));

    assertThat(shown)
        .containsEntry("region", "eu-central-1")
        .containsEntry("domain", "mypurecloud.de")
        .containsEntry("api_url", "https://api.mypurecloud.de")
        .containsEntry("login_url", "https://login.mypurecloud.de")
        .containsEntry("client_id", "own-client")
        .containsEntry("organization_id", "org-1")
        .containsEntry("organization_name", "Acme")
        .containsEntry("verified", true)
        .containsEntry("name_prefix", "vault")
        .doesNotContainKey("client_secret");
    assertThat(shown.toString()).doesNotContain("0wn-s3cr3t");
    assertThat(shown.get("mount_id")).asString().hasSize(16);
  }

  @Test
  void is_nothing_before_it_is_written() throws Exception {
    assertThat(vault.read("config", Map.of())).isEqualTo(new Reply.Nothing());
  }

  @Test
  void keeps_its_mark_and_what_a_later_write_leaves_out() throws Exception {
    vault.configure();
    var before = data(vault.read("config", Map.of()));

    vault.write("config", Map.of(), Map.of("ttl", 600));

    var after = new LinkedHashMap<String, Object>(data(vault.read("config", Map.of())));
    assertThat(after.remove("ttl")).isEqualTo(600L);
    var expected = new LinkedHashMap<String, Object>(before);
    expected.remove("ttl");
    assertThat(after).isEqualTo(expected);
    assertThat(vault.storage.text("config")).contains("0wn-s3cr3t");
  }

  @Test
  void refuses_a_credential_that_does_not_log_in_and_writes_nothing() throws Exception {
    vault.genesys.refuse("organization", 400, "invalid_client");

    assertThat(refusal(vault.configure(), 400)).contains("invalid_client", "Nothing was written");

    assertThat(vault.storage.keys()).isEmpty();
  }

  @Test
  void refuses_with_502_when_genesys_is_away_and_says_how_to_write_all_the_same() throws Exception {
    vault.genesys.beAway("organization");

    assertThat(refusal(vault.configure(), 502)).contains("verify_connection=false");
    assertThat(vault.storage.keys()).isEmpty();
  }

  @Test
  void warns_of_each_missing_permission_by_its_name() throws Exception {
    vault.genesys.grant(
        new Grants(
            Set.of(new RoleDivision("role-1", "*")),
            List.of(new Grants.Policy("oauth", "client", Set.of("add", "view")))));

    assertThat(warnings(vault.configure()))
        .hasSize(2)
        .anySatisfy(text -> assertThat(text).contains("oauth:client:edit"))
        .anySatisfy(text -> assertThat(text).contains("oauth:client:delete"));
  }

  @Test
  void asks_nothing_without_verification_and_learns_the_organisation_at_first_use()
      throws Exception {
    var fields = EngineHarness.connection();
    fields.put("verify_connection", false);

    assertThat(vault.write("config", Map.of(), fields)).isEqualTo(new Reply.Nothing());
    assertThat(vault.genesys.calls()).isEmpty();
    assertThat(data(vault.read("config", Map.of())).get("verified")).isEqualTo(false);

    vault.write(
        "roles/name", Map.of("name", "demo"), Map.of("role_divisions", List.of("role-1:*")));

    assertThat(vault.genesys.calls()).startsWith("organization");
    assertThat(data(vault.read("config", Map.of())).get("organization_id")).isEqualTo("org-1");
    assertThat(data(vault.read("config", Map.of())).get("verified")).isEqualTo(true);
  }

  @Test
  void refuses_another_organisation_while_clients_exist() throws Exception {
    vault.ready();
    vault.readAs("r-1", "demo");
    vault.genesys.become(new Organization("org-2", "Other"));

    assertThat(refusal(vault.configure(), 400)).contains("org-2", "org-1", "1 clients");
    assertThat(data(vault.read("config", Map.of())).get("organization_id")).isEqualTo("org-1");
  }

  @Test
  void notices_another_organisation_before_the_first_use_when_it_was_not_verified()
      throws Exception {
    vault.ready();
    vault.readAs("r-1", "demo");
    vault.genesys.become(new Organization("org-2", "Other"));
    var fields = EngineHarness.connection();
    fields.put("client_secret", "another");
    fields.put("verify_connection", false);
    vault.write("config", Map.of(), fields);
    vault.genesys.forgetCalls();

    assertThat(refusal(vault.readAs("r-2", "demo"), 400)).contains("org-2", "org-1");
    assertThat(vault.genesys.calls()).containsExactly("organization");
  }

  @Test
  void takes_another_organisation_while_no_clients_exist_and_warns_of_roles() throws Exception {
    vault.ready();
    vault.genesys.become(new Organization("org-2", "Other"));

    assertThat(warnings(vault.configure()))
        .anySatisfy(text -> assertThat(text).contains("roles keep"));
  }

  @Test
  void cannot_be_deleted_while_clients_exist() throws Exception {
    vault.ready();
    var issued = vault.readAs("r-1", "demo");

    assertThat(refusal(delete(), 400)).contains("1 clients");

    vault.onLease(Operation.REVOKE, Replies.secret(issued).internalData(), java.time.Duration.ZERO);
    assertThat(delete()).isEqualTo(new Reply.Nothing());
    assertThat(vault.storage.keys()).containsExactly("mount", "roles/demo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "region        | atlantis-1                  | known are",
        "domain        | not a host                  | domain is \"not a host\"",
        "api_url       | ftp://api.example.com       | api_url must be",
        "api_url       | https://user:pw@example.com | api_url must be",
        "login_url     | http://login.example.com    | allow_insecure_url",
        "client_id     | a/b                         | client_id:",
        "name_prefix   | white space                 | name_prefix is",
        "ttl           | -1                          | ttl is -1",
      })
  void says_which_field_is_wrong_and_writes_nothing(String field, String value, String text)
      throws Exception {
    var fields = EngineHarness.connection();
    if (field.equals("domain")) {
      fields.remove("region");
    }
    fields.put(field, field.equals("ttl") ? Integer.valueOf(value) : value);

    assertThat(refusal(vault.write("config", Map.of(), fields), 400)).contains(text);

    assertThat(vault.storage.keys()).isEmpty();
    assertThat(vault.genesys.calls()).isEmpty();
  }

  @Test
  void allows_plain_http_to_this_host_and_where_it_was_asked_for() throws Exception {
    var fields = EngineHarness.connection();
    fields.put("api_url", "http://127.0.0.1:9090/");
    fields.put("login_url", "http://login.example.com");
    fields.put("allow_insecure_url", true);

    vault.write("config", Map.of(), fields);

    assertThat(data(vault.read("config", Map.of())).get("api_url"))
        .isEqualTo("http://127.0.0.1:9090");
  }

  @Test
  void sends_a_stored_secret_to_no_other_address() throws Exception {
    vault.configure();
    int before = vault.genesys.connections();

    var reply = vault.write("config", Map.of(), Map.of("login_url", "https://evil.example"));

    assertThat(refusal(reply, 400)).contains("client_secret is missing");
    assertThat(vault.genesys.connections()).isEqualTo(before);
  }

  @Test
  void refuses_a_new_region_while_an_address_stands_that_was_written_for_the_former()
      throws Exception {
    vault.configure();
    var _ = vault.write("config", Map.of(), secretly("api_url", "https://gateway.example"));

    assertThat(refusal(vault.write("config", Map.of(), secretly("region", "us-east-1")), 400))
        .contains("region becomes us-east-1", "api_url=https://gateway.example");
    assertThat(refusal(vault.write("config", Map.of(), secretly("domain", "mypurecloud.ie")), 400))
        .contains("domain becomes mypurecloud.ie", "api_url=https://gateway.example");
    assertThat(data(vault.read("config", Map.of())).get("region")).isEqualTo("eu-central-1");

    var both = secretly("region", "us-east-1");
    both.put("api_url", "");
    assertThat(vault.write("config", Map.of(), both)).isInstanceOf(Reply.Nothing.class);
    assertThat(data(vault.read("config", Map.of())).get("api_url"))
        .isEqualTo("https://api.mypurecloud.com");
    assertThat(data(vault.read("config", Map.of())).get("login_url"))
        .isEqualTo("https://login.mypurecloud.com");
  }

  @Test
  void follows_a_new_region_where_what_was_written_is_the_address_of_the_former_anyway()
      throws Exception {
    vault.configure();
    var _ = vault.write("config", Map.of(), secretly("api_url", "https://api.mypurecloud.de/"));

    var _ = vault.write("config", Map.of(), secretly("region", "us-east-1"));

    assertThat(data(vault.read("config", Map.of())).get("api_url"))
        .isEqualTo("https://api.mypurecloud.com");
  }

  @Test
  void keeps_an_address_that_a_write_of_another_region_repeats() throws Exception {
    vault.configure();
    var _ = vault.write("config", Map.of(), secretly("login_url", "https://gateway.example"));
    var both = secretly("region", "us-east-1");
    both.put("login_url", "https://gateway.example");

    assertThat(vault.write("config", Map.of(), both)).isInstanceOf(Reply.Nothing.class);
    assertThat(data(vault.read("config", Map.of())).get("login_url"))
        .isEqualTo("https://gateway.example");
  }

  private static Map<String, Object> secretly(String field, String value) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(field, value);
    fields.put("client_secret", "0wn-s3cr3t");
    return fields;
  }

  @Test
  void takes_no_line_end_for_a_part_of_the_secret() throws Exception {
    var fields = EngineHarness.connection();
    fields.put("client_secret", "0wn-s3cr3t\r\n");

    vault.write("config", Map.of(), fields);

    assertThat(vault.storage.text("config")).contains("\"0wn-s3cr3t\"");
  }

  @Test
  void keeps_the_connection_and_its_budget_where_the_credential_stays() throws Exception {
    vault.ready();
    vault.readAs("r-1", "demo");
    int before = vault.genesys.connections();

    vault.write("config", Map.of(), Map.of("ttl", 600));
    vault.readAs("r-2", "demo");

    // One more for the verification's own log-in, none for the credential.
    assertThat(vault.genesys.connections()).isEqualTo(before + 1);
  }

  @Test
  void wants_the_secret_of_a_new_client_id() throws Exception {
    vault.configure();

    assertThat(refusal(vault.write("config", Map.of(), Map.of("client_id", "other")), 400))
        .contains("client_secret is missing");
  }

  @Test
  void refuses_region_and_domain_together_and_neither() throws Exception {
    var both = EngineHarness.connection();
    both.put("domain", "mypurecloud.de");
    assertThat(refusal(vault.write("config", Map.of(), both), 400)).contains("both given");

    var neither = EngineHarness.connection();
    neither.remove("region");
    assertThat(refusal(vault.write("config", Map.of(), neither), 400)).contains("neither");
  }

  private Reply delete() throws InterruptedException {
    return vault.serve("config", Operation.DELETE, Map.of(), Map.of());
  }

  @Test
  void holds_up_nobody_who_makes_a_client_while_genesys_is_asked() throws Exception {
    vault.ready();
    var issued = new ArrayList<Reply>();
    vault.genesys.doAt("organization", () -> issued.add(read("r-1", "demo")));

    assertThat(vault.configure()).isEqualTo(new Reply.Nothing());

    assertThat(data(issued.getFirst())).containsKey("client_secret");
  }

  private Reply read(String id, String role) {
    try {
      return vault.readAs(id, role);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void is_not_written_for_another_organisation_where_a_client_is_made_meanwhile() throws Exception {
    vault.ready();
    vault.genesys.doAt("ownGrants", () -> read("r-1", "demo"));
    vault.genesys.doAt(
        "organization", () -> vault.genesys.become(new Organization("org-2", "Other")));

    assertThat(refusal(vault.configure(), 400)).contains("org-2", "org-1", "1 clients");

    assertThat(data(vault.read("config", Map.of())).get("organization_id")).isEqualTo("org-1");
  }

  @Test
  void a_write_keeps_what_another_one_has_changed_while_genesys_was_asked() throws Exception {
    vault.ready();
    vault.genesys.doAt("organization", () -> changeElsewhere(900));

    vault.write("config", Map.of(), Map.of("max_ttl", 7_200));

    Map<String, Object> shown = new LinkedHashMap<>(data(vault.read("config", Map.of())));
    assertThat(shown).containsEntry("ttl", 900L).containsEntry("max_ttl", 7_200L);
  }

  @Test
  void says_that_others_change_it_all_the_time() throws Exception {
    vault.ready();
    changeAtEachLook(900);

    assertThat(refusal(vault.write("config", Map.of(), Map.of("max_ttl", 7_200)), 503))
        .contains("nothing was written", "try again");
  }

  private void changeAtEachLook(int ttl) {
    vault.genesys.doAt(
        "organization",
        () -> {
          changeElsewhere(ttl);
          changeAtEachLook(ttl + 1);
        });
  }

  /** Another node, or this one as it learns its organisation, writes the entry. */
  private void changeElsewhere(int ttl) {
    var before = vault.storage.text("config");
    int at = before.indexOf("\"ttl\":");
    var after =
        before.substring(0, at) + "\"ttl\":" + ttl + before.substring(before.indexOf(',', at));
    vault.storage.put("config", after.getBytes(StandardCharsets.UTF_8));
  }
}
