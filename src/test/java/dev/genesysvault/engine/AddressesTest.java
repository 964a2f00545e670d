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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A secret goes to the addresses under which it was made, and to no others. */
final class AddressesTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");
  private static final String OWN = "https://login.mypurecloud.de";
  private static final String THEIRS = "https://login.elsewhere.example";

  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void imported() throws Exception {
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
    var _ =
        it.write(
            "static-roles/name",
            CRM,
            Map.of("rotation_period", 2_592_000, "defer_initial_creds", true));
    assertThat(
            it.write(
                "static-roles/import",
                CRM,
                Map.of("client_id", "theirs", "client_secret", "kn0wn")))
        .isInstanceOfAny(Reply.Nothing.class, Reply.Content.class);
  }

  private Reply configure(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return it.write("config", Map.of(), map);
  }

  private String loginUrl() throws InterruptedException {
    return String.valueOf(Replies.data(it.read("static-creds/name", CRM)).get("login_url"));
  }

  @Test
  void a_stored_secret_is_handed_out_with_the_addresses_of_its_import_alone() throws Exception {
    var _ = configure("login_url", THEIRS, "client_secret", "m4de up", "verify_connection", false);

    assertThat(loginUrl()).isEqualTo(OWN);
  }

  @Test
  void the_mounts_own_secret_is_wanted_again_with_whatever_changes_an_address() throws Exception {
    for (var change :
        List.of(
            List.of("region", "us-east-1"),
            List.of("domain", "elsewhere.example"),
            List.of("domain", "MYPURECLOUD.COM"),
            List.of("api_url", "https://api.mypurecloud.de:8443"),
            List.of("api_url", "https://api.mypurecloud.de/proxy/"),
            List.of("login_url", "https://login.mypurecloud.de./"),
            List.of("login_url", "HTTPS://LOGIN.ELSEWHERE.EXAMPLE"))) {
      for (boolean verify : List.of(true, false)) {
        assertThat(
                Replies.refusal(
                    configure(change.get(0), change.get(1), "verify_connection", verify), 400))
            .contains("client_secret is missing");
      }
    }
    assertThat(
            Replies.refusal(
                configure(
                    "login_url",
                    "http://login.mypurecloud.de",
                    "allow_insecure_url",
                    true,
                    "verify_connection",
                    false),
                400))
        .contains("client_secret is missing");
  }

  /** A made client is a witness, since its name holds what nobody can guess. */
  private void issued() throws InterruptedException {
    var _ =
        it.write(
            "roles/name", Map.of("name", "demo"), Map.of("role_divisions", List.of("role-1:*")));
    var _ = Replies.data(it.readAs("request-0", "demo"));
  }

  @Test
  void new_addresses_of_the_organisation_serve_new_clients_and_leave_present_secrets()
      throws Exception {
    issued();

    assertThat(Replies.warnings(configure("login_url", THEIRS, "client_secret", "0wn-s3cr3t")))
        .anySatisfy(
            text -> assertThat(text).contains("1 static credentials", "rotate-role/<name>"));

    assertThat(loginUrl()).isEqualTo(OWN);
    assertThat(Replies.data(it.readAs("request-1", "demo")).get("login_url")).isEqualTo(THEIRS);
    assertThat(config().get("organization_id")).isEqualTo("org-1");
  }

  @Test
  void the_word_of_a_host_that_the_write_named_does_not_make_it_the_organisation()
      throws Exception {
    issued();
    it.genesys.forgetNames();

    assertThat(Replies.refusal(configure("api_url", THEIRS, "client_secret", "m4de up"), 400))
        .contains("login.elsewhere.example", "org-1", "force=true");
    assertThat(config().get("api_url")).isEqualTo("https://api.mypurecloud.de");

    var _ = configure("api_url", THEIRS, "client_secret", "m4de up", "force", true);
    assertThat(String.valueOf(config().get("organization_id"))).startsWith("org-1.claimed.");
    assertThat(loginUrl()).isEqualTo(OWN);
  }

  @Test
  void clients_are_left_alone_while_nothing_but_a_hosts_word_says_that_it_has_them()
      throws Exception {
    var _ =
        it.write(
            "roles/name", Map.of("name", "demo"), Map.of("role_divisions", List.of("role-1:*")));
    var lease = Replies.secret(it.readAs("request-0", "demo")).internalData();
    it.genesys.forgetNames();
    var _ = configure("api_url", THEIRS, "client_secret", "m4de up", "force", true);
    it.genesys.forgetCalls();

    var _ = it.onLease(Operation.REVOKE, lease, Duration.ZERO);

    assertThat(it.genesys.calls()).doesNotContain("replace", "delete");
    assertThat(it.storage.keys()).anyMatch(key -> key.startsWith("clients/"));
  }

  @Test
  void an_unverified_write_does_not_make_a_host_the_organisation_at_its_first_use()
      throws Exception {
    issued();
    it.genesys.forgetNames();
    var _ = configure("api_url", THEIRS, "client_secret", "m4de up", "verify_connection", false);

    assertThat(Replies.refusal(it.readAs("request-1", "demo"), 400))
        .contains("login.elsewhere.example", "does not know them");
    assertThat(config().get("verified")).isEqualTo(false);
  }

  @Test
  void a_configuration_that_was_deleted_does_not_make_a_host_the_organisation() throws Exception {
    issued();
    it.genesys.forgetNames();
    var _ = it.serve("config", Operation.DELETE, Map.of(), Map.of("force", true));

    var fields = EngineHarness.connection();
    fields.put("api_url", THEIRS);
    assertThat(Replies.refusal(it.write("config", Map.of(), fields), 400)).contains("force=true");
  }

  @Test
  void where_genesys_itself_answers_its_word_is_enough() throws Exception {
    issued();
    it.genesys.forgetNames();

    var _ = configure("region", "us-east-1", "client_secret", "0wn-s3cr3t");

    assertThat(config().get("organization_id")).isEqualTo("org-1");
    assertThat(loginUrl()).isEqualTo(OWN);
  }

  /** As a version wrote it that kept no addresses. */
  private void withoutAddresses() {
    var text = it.storage.text("static-creds/crm");
    var old =
        text.replace("\"api_url\":\"https://api.mypurecloud.de\",", "")
            .replace("\"login_url\":\"https://login.mypurecloud.de\",", "");
    assertThat(old).isNotEqualTo(text);
    it.storage.put("static-creds/crm", old.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_secret_that_was_stored_without_addresses_keeps_those_that_config_had() throws Exception {
    withoutAddresses();
    assertThat(loginUrl()).isEqualTo(OWN);

    var _ = configure("login_url", THEIRS, "client_secret", "m4de up", "verify_connection", false);
    assertThat(loginUrl()).isEqualTo(OWN);
    var _ =
        configure(
            "login_url",
            "https://third.example",
            "client_secret",
            "m4de up",
            "verify_connection",
            false);
    assertThat(loginUrl()).isEqualTo(OWN);
  }

  @Test
  void a_deleted_configuration_does_not_make_addresses_those_of_a_stored_secret() throws Exception {
    withoutAddresses();
    var _ = it.serve("config", Operation.DELETE, Map.of(), Map.of("force", true));

    var _ =
        it.write(
            "config",
            Map.of(),
            Map.of(
                "api_url",
                THEIRS,
                "login_url",
                THEIRS,
                "client_id",
                "x",
                "client_secret",
                "y",
                "verify_connection",
                false));

    assertThat(loginUrl()).isEqualTo(OWN);
  }

  @Test
  void a_secret_without_addresses_is_kept_back_while_those_of_config_are_not_verified()
      throws Exception {
    withoutAddresses();
    var config = it.storage.text("config");
    it.storage.put(
        "config",
        config.replace("\"verified\":true", "\"verified\":false").getBytes(StandardCharsets.UTF_8));

    assertThat(Replies.refusal(it.read("static-creds/name", CRM), 503)).contains("not verified");
  }

  private Map<String, ?> config() throws InterruptedException {
    return Replies.data(it.read("config", Map.of()));
  }
}
