package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoleTest {
  private static final Map<String, String> DEMO = Map.of("name", "demo");

  private final EngineHarness vault = new EngineHarness();

  @BeforeEach
  void configure() throws InterruptedException {
    vault.configure();
    vault.genesys.forgetCalls();
  }

  @Test
  void reads_pairs_back_in_one_form_whatever_form_they_were_written_in() throws Exception {
    var written =
        write(
            Map.of(
                "role_divisions",
                List.of(
                    "role-1:div-3,role-1:*",
                    Map.of("role_id", "role-2", "division_id", "div-1"),
                    "role-1")));

    assertThat(written).isEqualTo(new Reply.Nothing());
    assertThat(read().get("role_divisions"))
        .isEqualTo(List.of("role-1:*", "role-1:div-3", "role-1:div-home", "role-2:div-1"));
  }

  @Test
  void names_each_pair_that_the_mounts_client_does_not_hold() throws Exception {
    var reply = write(Map.of("role_divisions", List.of("role-2:div-2", "role-1:*", "role-3:*")));

    assertThat(refusal(reply, 400))
        .contains("own-client", "role-2:div-2", "role-3:*")
        .doesNotContain("role-1:*");
    assertThat(vault.storage.keys()).doesNotContain("roles/demo");
  }

  @Test
  void does_not_take_a_role_in_one_division_for_all_divisions() throws Exception {
    assertThat(refusal(write(Map.of("role_divisions", List.of("role-2:*"))), 400))
        .contains("role-2:*");
  }

  @Test
  void asks_genesys_nothing_with_skip_verification() throws Exception {
    write(Map.of("role_divisions", List.of("role-9:div-9"), "skip_verification", true));

    assertThat(read().get("role_divisions")).isEqualTo(List.of("role-9:div-9"));
    assertThat(vault.genesys.calls()).isEmpty();
  }

  @Test
  void needs_the_division_with_skip_verification() throws Exception {
    var reply = write(Map.of("role_divisions", List.of("role-9"), "skip_verification", true));

    assertThat(refusal(reply, 400)).contains("role-9", "name the division");
  }

  @Test
  void copies_the_pairs_of_a_template_at_the_write() throws Exception {
    var template = hold("template-1", Set.of(new RoleDivision("role-2", "div-1")));

    write(Map.of("template_client_id", template));
    vault.genesys.hold(template, body(Set.of(new RoleDivision("role-1", "*"))));

    assertThat(read().get("role_divisions")).isEqualTo(List.of("role-2:div-1"));
    assertThat(read().get("template_client_id")).isEqualTo(template);
  }

  @Test
  void refuses_the_mounts_own_client_as_template() throws Exception {
    assertThat(refusal(write(Map.of("template_client_id", "own-client")), 400))
        .contains("the mount's own client");
  }

  @Test
  void refuses_a_template_that_is_not_there() throws Exception {
    assertThat(refusal(write(Map.of("template_client_id", "nobody")), 400)).contains("nobody");
  }

  @Test
  void refuses_a_template_of_another_grant_type() throws Exception {
    vault.genesys.hold("web", new ClientBody(Map.of("authorizedGrantType", "CODE")));

    assertThat(refusal(write(Map.of("template_client_id", "web")), 400)).contains("CODE");
  }

  @Test
  void refuses_a_template_whose_pairs_the_mount_does_not_hold() throws Exception {
    var template = hold("template-1", Set.of(new RoleDivision("role-9", "*")));

    assertThat(refusal(write(Map.of("template_client_id", template)), 400)).contains("role-9:*");
  }

  @Test
  void keeps_what_a_later_write_leaves_out() throws Exception {
    write(
        Map.of(
            "role_divisions", List.of("role-1:*"),
            "ttl", 600,
            "metadata", Map.of("owner", "payroll"),
            "client_properties", Map.of("ipAllowlist", List.of("10.0.0.0/8"))));
    vault.genesys.forgetCalls();

    write(Map.of("max_ttl", 1200));

    assertThat(read())
        .isEqualTo(
            Map.of(
                "role_divisions",
                List.of("role-1:*"),
                "template_client_id",
                "",
                "ttl",
                600L,
                "max_ttl",
                1200L,
                "access_token_validity",
                0L,
                "description",
                "",
                "name_template",
                "",
                "metadata",
                Map.of("owner", "payroll"),
                "client_properties",
                Map.of("ipAllowlist", List.of("10.0.0.0/8"))));
    assertThat(vault.genesys.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "access_token_validity | 299     | must be 300 to 172800",
        "access_token_validity | 172801  | must be 300 to 172800",
        "ttl                   | -5      | ttl is -5",
        "name_template         | {{foo}} | {{foo}}",
        "name_template         | a  b    | two spaces",
        "name_template         | a–b     | U+2013",
        "template_client_id    | x       | both given",
      })
  void says_which_field_is_wrong_and_writes_nothing(String field, String value, String text)
      throws Exception {
    Object typed = value.matches("-?[0-9]+") ? Integer.valueOf(value) : value;

    var reply = write(Map.of("role_divisions", List.of("role-1:*"), field, typed));

    assertThat(refusal(reply, 400)).contains(text);
    assertThat(vault.storage.keys()).doesNotContain("roles/demo");
  }

  @ParameterizedTest
  @CsvSource({"name", "roleDivisions", "state", "id", "secret", "dateToDelete"})
  void refuses_client_properties_that_the_engine_owns(String member) throws Exception {
    var reply =
        write(
            Map.of(
                "role_divisions",
                List.of("role-1:*"),
                "client_properties",
                Map.of(member, "x", "fine", 1)));

    assertThat(refusal(reply, 400)).contains("client_properties sets " + member);
  }

  @Test
  void refuses_a_ttl_longer_than_max_ttl() throws Exception {
    var reply = write(Map.of("role_divisions", List.of("role-1:*"), "ttl", 700, "max_ttl", 600));

    assertThat(refusal(reply, 400)).contains("700", "600");
  }

  @Test
  void wants_role_divisions_or_a_template() throws Exception {
    assertThat(refusal(write(Map.of("ttl", 5)), 400)).contains("role_divisions is missing");
  }

  @Test
  void warns_of_live_leases_when_it_is_deleted_and_they_can_still_be_revoked() throws Exception {
    write(Map.of("role_divisions", List.of("role-1:*")));
    var issued = vault.readAs("r-1", "demo");

    assertThat(warnings(delete())).singleElement().asString().startsWith("1 clients of role demo");

    var revoked =
        vault.onLease(Operation.REVOKE, Replies.secret(issued).internalData(), Duration.ZERO);
    assertThat(revoked).isEqualTo(new Reply.Nothing());
    assertThat(vault.genesys.held()).isEmpty();
  }

  @Test
  void is_deleted_without_a_word_where_nothing_lives() throws Exception {
    write(Map.of("role_divisions", List.of("role-1:*")));

    assertThat(delete()).isEqualTo(new Reply.Nothing());
    assertThat(vault.read("roles/name", DEMO)).isEqualTo(new Reply.Nothing());
  }

  @Test
  void a_record_that_cannot_be_read_refuses_its_deletion_unless_that_is_forced() throws Exception {
    write(Map.of("role_divisions", List.of("role-1:*")));
    var _ = vault.readAs("r-1", "demo");
    vault.storage.put("clients/broken", "{".getBytes(StandardCharsets.UTF_8));

    assertThat(refusal(delete(), 400)).contains("demo", "[broken]", "force=true");
    assertThat(vault.read("roles/name", DEMO)).isInstanceOf(Reply.Content.class);

    var forced = vault.serve("roles/name", Operation.DELETE, DEMO, Map.of("force", true));
    assertThat(warnings(forced)).hasSize(2).last().asString().contains("[broken]");
    assertThat(vault.read("roles/name", DEMO)).isEqualTo(new Reply.Nothing());
  }

  @Test
  void many_records_are_read_in_batches_when_it_is_deleted() throws Exception {
    write(Map.of("role_divisions", List.of("role-1:*")));
    for (int i = 0; i < 200; i++) {
      vault.storage.put("clients/k%03d".formatted(i), "{".getBytes(StandardCharsets.UTF_8));
    }
    var before = vault.storage.batches();

    assertThat(refusal(delete(), 400)).contains("and 190 more").hasSizeLessThan(1_000);
    assertThat(vault.storage.batches() - before).isEqualTo(4);
  }

  @Test
  void is_listed() throws Exception {
    assertThat(list()).isEqualTo(new Reply.Nothing());

    write(Map.of("role_divisions", List.of("role-1:*")));

    assertThat(data(list())).isEqualTo(Map.of("keys", List.of("demo")));
  }

  private Reply list() throws InterruptedException {
    return vault.serve("roles/list", Operation.LIST, Map.of(), Map.of());
  }

  private Reply delete() throws InterruptedException {
    return vault.serve("roles/name", Operation.DELETE, DEMO, Map.of());
  }

  private Reply write(Map<String, Object> fields) throws InterruptedException {
    return vault.write("roles/name", DEMO, fields);
  }

  private Map<String, ?> read() throws InterruptedException {
    return data(vault.read("roles/name", DEMO));
  }

  private String hold(String id, Set<RoleDivision> pairs) {
    return vault.genesys.hold(id, body(pairs)).value();
  }

  private static ClientBody body(Set<RoleDivision> pairs) {
    return ClientBody.of(new ClientName("template"), "", Duration.ofHours(1), pairs, Map.of());
  }
}
