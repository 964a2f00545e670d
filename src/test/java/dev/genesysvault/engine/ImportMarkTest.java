package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that a static role adopts carries the mark of its mount, and of no other. */
final class ImportMarkTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");
  private static final ClientId THEIRS = new ClientId("theirs");
  private static final String OTHER = "fedcba9876543210";

  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void deferred() throws Exception {
    it.configure();
    hold("billing", "made by hand");
    it.genesys.allow(new Credential(THEIRS, Secret.of("kn0wn")));
    var _ =
        it.write(
            "static-roles/name",
            CRM,
            Map.of("rotation_period", 2_592_000, "defer_initial_creds", true));
    it.genesys.forgetCalls();
  }

  private void hold(String name, String description) {
    it.genesys.hold(
        "theirs",
        new ClientBody(
            Map.of(
                "name",
                name,
                "description",
                description,
                "authorizedGrantType",
                ClientBody.GRANT_TYPE,
                "accessTokenValiditySeconds",
                28_800,
                "roleDivisions",
                List.of(Map.of("roleId", "role-1", "divisionId", "*")),
                "state",
                "active",
                "somethingNew",
                Map.of("a", List.of(1)))));
  }

  private Reply adopt(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    map.put("client_id", "theirs");
    map.put("client_secret", "kn0wn");
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return it.write("static-roles/import", CRM, map);
  }

  private ClientBody body() {
    return it.genesys.held().getOrDefault(THEIRS, new ClientBody(Map.of()));
  }

  private String description() {
    return body().text("description");
  }

  private String mark() throws InterruptedException {
    return String.valueOf(Replies.data(it.read("config", Map.of())).get("mount_id"));
  }

  private String ours() throws InterruptedException {
    return "made by hand | Rotated by Vault for genesys/static-creds/crm; mark %s. Do not edit."
        .formatted(mark());
  }

  @Test
  void an_import_marks_the_description_and_changes_nothing_else() throws Exception {
    var before = body();

    assertThat(adopt()).isEqualTo(new Reply.Nothing());

    assertThat(description()).isEqualTo(ours());
    assertThat(body().described("made by hand")).isEqualTo(before);
    assertThat(it.genesys.calls()).containsOnlyOnce("replace");
    assertThat(it.storage.text("static-creds/crm")).doesNotContain("releases");
    assertThat(Replies.data(it.read("static-roles/status", CRM)).get("drift")).isEqualTo(List.of());
  }

  @Test
  void a_2xx_that_is_not_genesys_own_gives_no_mark() throws Exception {
    it.genesys.claim("replace", false);

    assertThat(Replies.refusal(adopt(), 502)).contains("does not show the mark", "Import it again");
    assertThat(description()).isEqualTo("made by hand");

    it.genesys.claim("replace", true);
    assertThat(adopt()).isEqualTo(new Reply.Nothing());
    assertThat(description()).isEqualTo(ours());
  }

  @Test
  void the_mark_is_announced_before_it_is_given() throws Exception {
    it.genesys.loseReply("replace", true);

    assertThat(Replies.refusal(adopt(), 504)).contains("Import it again");
    assertThat(description()).isEqualTo(ours());
    assertThat(it.storage.text("static-creds/crm"))
        .contains("\"releases\":[{\"client_id\":\"theirs\"");

    assertThat(adopt()).isEqualTo(new Reply.Nothing());
    assertThat(description()).isEqualTo(ours());
    assertThat(it.storage.text("static-creds/crm")).doesNotContain("releases");
  }

  @Test
  void nothing_is_adopted_that_cannot_be_marked() throws Exception {
    var before = it.storage.text("static-creds/crm");
    it.genesys.refuse("replace", 403, "not.authorized");

    assertThat(Replies.refusal(adopt(), 502)).contains("oauth:client:edit", "12 characters");

    assertThat(description()).isEqualTo("made by hand");
    assertThat(it.storage.text("static-creds/crm")).isEqualTo(before);
  }

  @Test
  void a_client_of_another_mount_is_adopted_only_where_somebody_says_so() throws Exception {
    for (var description :
        List.of(
            "made by hand | Rotated by Vault for b/static-creds/x; mark %s. Do not edit."
                .formatted(OTHER),
            "MADE BY HAND | LEASED BY VAULT FROM B/CREDS/X; MARK FEDCBA9876543210. DO NOT EDIT.")) {
      hold("billing", description);

      assertThat(Replies.refusal(adopt(), 400)).contains(OTHER, "take_over=true");
      assertThat(description()).isEqualTo(description);
    }
    hold("vault-demo-" + OTHER + "-0123456789abcdef01234567-1", "made by hand");
    assertThat(Replies.refusal(adopt(), 400)).contains(OTHER, "if it does");
    hold(
        "billing",
        "made by hand | Rotated by Vault for b/static-creds/x; mark %s. Do not edit."
            .formatted(OTHER));

    assertThat(adopt("take_over", true)).isEqualTo(new Reply.Nothing());
    assertThat(description()).isEqualTo(ours());
  }

  @Test
  void a_text_that_only_looks_like_a_mark_is_none() throws Exception {
    hold(
        "crm-fedcba987654321-0123456789abcdef01234567-1",
        "see; mark fedcba9876543210. Do not edit.");

    assertThat(adopt()).isEqualTo(new Reply.Nothing());
    assertThat(description()).startsWith("see; mark fedcba9876543210. Do not edit. | Rotated");
  }

  @Test
  void a_client_that_another_static_role_lets_go_is_not_adopted_meanwhile() throws Exception {
    it.genesys.loseReply("replace", true);
    var _ = Replies.refusal(adopt(), 504);
    var _ =
        it.write(
            "static-roles/name",
            Map.of("name", "other"),
            Map.of("rotation_period", 2_592_000, "defer_initial_creds", true));

    assertThat(
            Replies.refusal(
                it.write(
                    "static-roles/import",
                    Map.of("name", "other"),
                    Map.of("client_id", "theirs", "client_secret", "kn0wn")),
                503))
        .contains("let go by static role crm");
  }
}
