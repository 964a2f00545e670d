package dev.genesysvault.destination.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.destination.vault.VaultKvSettings.LogIn;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedKv;
import dev.genesysvault.testing.SoloLocks;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a destination takes, and what is said of the rest. */
final class VaultKvSettingsTest {
  private static final Path FOLDER = Path.of("/etc/tokens");

  private final FakeTime time = new FakeTime();
  private final DestinationKind kind =
      new VaultKvKind(new PlayedKv(time), time, new SoloLocks(time), Optional.of(FOLDER));

  private static Map<String, String> given(String... fields) {
    var given = new HashMap<String, String>();
    given.put("address", "https://vault.example.com:8200");
    given.put("role_id", "r");
    given.put("secret_id", "s3cret");
    for (int i = 0; i < fields.length; i += 2) {
      given.put(fields[i], fields[i + 1]);
    }
    return given;
  }

  private static Map<String, String> byFile(String name) {
    return Map.of("address", "https://vault.example.com:8200", "token_file", name);
  }

  private static VaultKvSettings parsed(Map<String, String> given) {
    return VaultKvSettings.parse(given, Optional.of(FOLDER));
  }

  private static String refusal(Map<String, String> given) {
    try {
      parsed(given);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("taken: " + given.keySet());
  }

  @Test
  void a_place_is_an_engine_whoever_logs_in() {
    assertThat(kind.place(given()))
        .isEqualTo(kind.place(given("role_id", "other", "kv_mount", "secret/")))
        .isEqualTo(kind.place(byFile("token")))
        .isEqualTo(kind.place(given("address", "https://Vault.example.com:8200/")))
        .isNotEqualTo(kind.place(given("namespace", "team")))
        .isNotEqualTo(kind.place(given("kv_mount", "apps")))
        .isNotEqualTo(kind.place(given("address", "https://vault.example.com")));
  }

  @Test
  void the_kind_says_its_name_and_fields() {
    assertThat(kind.name()).isEqualTo("vault_kv");
    assertThat(kind.settings())
        .extracting(Setting::field)
        .containsExactly(
            "address",
            "namespace",
            "kv_mount",
            "role_id",
            "secret_id",
            "approle_mount",
            "token_file");
    assertThat(kind.settings().stream().filter(Setting::secret).map(Setting::field))
        .containsExactly("secret_id");
  }

  @Test
  void what_is_not_given_is_what_most_have() {
    var settings = parsed(given("address", "https://vault.example.com:8200///"));

    assertThat(settings.address()).isEqualTo(URI.create("https://vault.example.com:8200"));
    assertThat(settings.namespace()).isEmpty();
    assertThat(settings.mount()).isEqualTo("secret");
    assertThat(((LogIn.AppRole) settings.logIn()).mount()).isEqualTo("approle");
    assertThat(settings.toString()).doesNotContain("s3cret");
  }

  @Test
  void slashes_around_paths_do_not_count() {
    var settings =
        parsed(given("namespace", "/team/a/", "kv_mount", "kv/x/", "approle_mount", "/roles"));

    assertThat(settings.namespace()).isEqualTo("team/a");
    assertThat(settings.mount()).isEqualTo("kv/x");
    assertThat(((LogIn.AppRole) settings.logIn()).mount()).isEqualTo("roles");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://vault.example.com",
        "HTTPS://vault.example.com:8200/behind/a/gateway",
        "http://localhost:8200",
        "http://127.0.0.1:8200",
        "http://127.1.2.3",
        "http://[::1]:8200"
      })
  void an_address_is_an_https_url_or_one_of_this_host(String address) {
    assertThatCode(() -> parsed(given("address", address))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "vault.example.com:8200, https URL",
    "ftp://vault.example.com, https URL",
    "https://, https URL",
    "https:///x, https URL",
    "'https://a b', https URL",
    "http://vault.example.com, must be https",
    "http://127.0.0.1.example.com, must be https",
    "http://10.0.0.1, must be https",
    "http://0.0.0.0, must be https",
    "https://vault.example.com/v1, without /v1",
    "https://vault.example.com/v1/, without /v1",
    "https://vault.example.com#x, without user",
    "https://vault.example.com/?, without user"
  })
  void another_address_is_refused(String address, String allowed) {
    assertThat(refusal(given("address", address))).startsWith("address is \"").contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:passw0rd@vault.example.com",
        "https://vault.example.com?token=passw0rd",
        "https://vault.example.com#passw0rd",
        "https://u:passw0rd",
        "u:passw0rd@host name"
      })
  void no_password_in_an_address_is_quoted(String address) {
    assertThat(refusal(given("address", address))).doesNotContain("passw0rd");
  }

  @Test
  void an_address_is_needed() {
    assertThat(refusal(Map.of("role_id", "r", "secret_id", "s")))
        .startsWith("address is missing; must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespace", "kv_mount", "approle_mount"})
  void a_path_leads_nowhere_else(String field) {
    for (var bad : new String[] {"a//b", "../sys", "a/../b", "a/./b", "a b", "a?b", "a%2fb", "ä"}) {
      assertThat(refusal(given(field, bad)))
          .startsWith("%s is \"%s\"; must be 1 to 256 letters".formatted(field, bad));
    }
    assertThat(refusal(given(field, "x".repeat(300)))).hasSizeLessThan(350);
  }

  @Test
  void there_is_exactly_one_way_to_log_in() {
    assertThat(refusal(Map.of("address", "https://v"))).startsWith("role_id is missing");
    assertThat(refusal(Map.of("address", "https://v", "role_id", "r")))
        .startsWith("secret_id is missing");
    assertThat(refusal(given("token_file", "t")))
        .startsWith("token_file is given beside role_id, secret_id; must be one way to log in");
    assertThat(
            refusal(Map.of("address", "https://v", "token_file", "t", "approle_mount", "approle")))
        .startsWith("token_file is given beside approle_mount");
  }

  @Test
  void a_secret_id_is_never_quoted() {
    assertThat(refusal(given("secret_id", "two words")))
        .startsWith("secret_id cannot be one of an AppRole")
        .doesNotContain("two");
    assertThatCode(() -> parsed(given("secret_id", "s3cret\n"))).doesNotThrowAnyException();
  }

  @Test
  void a_token_file_lies_in_the_sidecars_folder() {
    assertThat(parsed(byFile("kv-token_1.txt")).logIn())
        .isEqualTo(new LogIn.TokenFile(FOLDER.resolve("kv-token_1.txt")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "..", ".", "a/b", "/etc/passwd", ".hidden", "a..b", "a b", "a\\b"})
  void a_token_file_is_no_path(String name) {
    assertThat(refusal(byFile(name)))
        .startsWith(
            "token_file is \"%s\"; must be the name of a file in the sidecar's --token-folder"
                .formatted(name));
  }

  @Test
  void without_a_folder_a_token_file_is_refused_with_how_to_get_one() {
    assertThatThrownBy(() -> VaultKvSettings.parse(byFile("t"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token_file is \"t\", but this sidecar has no folder of tokens")
        .hasMessageContaining("start the sidecar with --token-folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "apps/billing/genesys", "team+x@example.com/a_b-c.d", "..a", "a.."})
  void an_entry_is_a_path(String entry) {
    assertThatCode(() -> kind.checkEntry(entry)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "./a", "a b", "a?b", "a#b", "a%b", "ä"
      })
  void what_is_no_path_is_no_entry(String entry) {
    assertThatThrownBy(() -> kind.checkEntry(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"%s\" is no path in a KV engine; must be 1 to 512 letters, digits and -_.+@ with single slashes between them, no part of which is . or .., such as apps/billing/genesys"
                .formatted(entry));
  }

  @Test
  void an_entry_has_at_most_512_characters() {
    assertThatCode(() -> kind.checkEntry("x".repeat(512))).doesNotThrowAnyException();
    assertThatThrownBy(() -> kind.checkEntry("x".repeat(513)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
