package dev.genesysvault.destination.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.testing.PlayedGoogle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings a destination in Secret Manager takes, and what is said of others. */
final class GcpSettingsTest {
  private static GcpSettings parse(String... fields) {
    var settings = OtherGoogle.settings();
    settings.remove("endpoint");
    for (int i = 0; i < fields.length; i += 2) {
      settings.put(fields[i], fields[i + 1]);
    }
    return GcpSettings.parse(settings);
  }

  private static String refusal(String... fields) {
    var refusal = catchThrowableOfType(IllegalArgumentException.class, () -> parse(fields));
    assertThat(refusal).as(List.of(fields).toString()).isNotNull();
    return String.valueOf(refusal.getMessage());
  }

  private static String ofKey(Consumer<Map<String, Object>> change) {
    var key = PlayedGoogle.key();
    change.accept(key);
    return refusal("credentials", OtherGoogle.json(key));
  }

  @Test
  void the_fields_are_those_of_the_descriptor_and_one_is_a_secret() {
    assertThat(GcpSettings.FIELDS.stream().map(Setting::field))
        .containsExactly(
            "project_id",
            "location",
            "endpoint",
            "credentials",
            "create_secret",
            "alias",
            "destroy_former",
            "labels",
            "replicas");
    assertThat(GcpSettings.FIELDS.stream().filter(Setting::secret).map(Setting::field))
        .containsExactly("credentials");
  }

  @Test
  void without_more_secrets_are_global() {
    var settings = parse();

    assertThat(settings.secret("billing")).isEqualTo("projects/acme-prod/secrets/billing");
    assertThat(settings.address()).hasToString("https://secretmanager.googleapis.com:443");
    assertThat(settings.readersName()).isEqualTo("latest");
    assertThat(settings.place()).isEqualTo("secretmanager.googleapis.com (projects/acme-prod)");
    assertThat(settings.create()).isEmpty();
  }

  private static String place(String... fields) {
    var settings = new HashMap<String, String>();
    settings.put("project_id", "acme-prod");
    for (int i = 0; i < fields.length; i += 2) {
      settings.put(fields[i], fields[i + 1]);
    }
    return GcpSettings.place(settings);
  }

  @Test
  void a_place_is_a_project_and_a_location() {
    assertThat(place())
        .isEqualTo(place("alias", "present"))
        .isEqualTo(place("endpoint", "secretmanager-psc.p.googleapis.com"))
        .isNotEqualTo(place("project_id", "acme-test"))
        .isNotEqualTo(place("location", "europe-west3"))
        .isNotEqualTo(place("endpoint", "google.test:443"));
  }

  @Test
  void regional_secrets_are_asked_for_at_their_location() {
    var settings = parse("location", "europe-west3", "project_id", "1234567890");

    assertThat(settings.secret("billing"))
        .isEqualTo("projects/1234567890/locations/europe-west3/secrets/billing");
    assertThat(settings.address())
        .hasToString("https://secretmanager.europe-west3.rep.googleapis.com:443");
  }

  @Test
  void an_endpoint_is_asked_instead() {
    assertThat(parse("endpoint", "sm.example.com", "location", "europe-west3").address())
        .hasToString("https://sm.example.com:443");
    assertThat(parse("endpoint", "sm.example.com:8443").address())
        .hasToString("https://sm.example.com:8443");
    assertThat(parse("endpoint", "[2001:db8::1]:8443").address())
        .hasToString("https://[2001:db8::1]:8443");
  }

  @Test
  void a_project_is_asked_for() {
    var settings = new HashMap<String, String>();

    assertThatThrownBy(() -> GcpSettings.parse(settings))
        .hasMessage(
            "project_id is missing; must be the id or the number of a project of Google Cloud, such as acme-prod");
  }

  @ParameterizedTest
  @CsvSource({
    "project_id, Acme-Prod",
    "project_id, acme",
    "project_id, 1acme-prod",
    "project_id, acme-prod-",
    "project_id, acme/prod",
    "project_id, 123456789012345678901",
    "location, Europe",
    "location, europe-west3/secrets",
    "location, europe.west3",
    "location, -europe",
    "endpoint, https://sm.example.com",
    "endpoint, sm.example.com/v1",
    "endpoint, sm.example.com:",
    "endpoint, sm.example.com:0",
    "endpoint, sm.example.com:65536",
    "endpoint, sm.example.com:x",
    "endpoint, sm.example.com?q",
    "endpoint, sm.example.com:443#x",
    "endpoint, two words",
    "alias, latest",
    "alias, NEW",
    "alias, 17",
    "alias, 1a",
    "alias, -a",
    "alias, a.b",
  })
  void a_wrong_value_is_told_with_its_field(String field, String value) {
    assertThat(refusal(field, value)).startsWith("%s is \"%s\"; must be ".formatted(field, value));
  }

  @Test
  void no_password_before_an_endpoint_is_shown() {
    assertThat(refusal("endpoint", "me:s3cret@sm.example.com"))
        .startsWith("endpoint is \"…@sm.example.com\"; must be HOST or HOST:PORT");
  }

  @Test
  void labels_and_replicas_are_those_of_secrets_that_are_made() {
    var made =
        parse(
                "create_secret",
                "true",
                "labels",
                "{\"team\":\"billing\",\"größe\":\"\"}",
                "replicas",
                "[\"europe-west3\",\"europe-west4\"]")
            .create()
            .orElseThrow();

    assertThat(made.labels()).isEqualTo(Map.of("team", "billing", "größe", ""));
    assertThat(made.replicas()).containsExactly("europe-west3", "europe-west4");
    assertThat(refusal("labels", "{\"team\":\"billing\"}"))
        .isEqualTo(
            "labels is \"[team]\" without create_secret=true; must be empty, since it is for secrets that are made");
    assertThat(refusal("replicas", "[\"europe-west3\"]"))
        .startsWith("replicas is \"[europe-west3]\" without create_secret=true; must be empty");
    assertThat(
            refusal(
                "create_secret",
                "true",
                "location",
                "europe-west3",
                "replicas",
                "[\"europe-west3\"]"))
        .startsWith("replicas is \"[europe-west3]\" beside location; must be empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Team\":\"a\"}",
        "{\"1team\":\"a\"}",
        "{\"team\":\"A\"}",
        "{\"team\":\"a b\"}",
        "{\"\":\"a\"}",
        "{\"team\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"
      })
  void a_wrong_label_is_told(String labels) {
    assertThat(refusal("create_secret", "true", "labels", labels))
        .contains("must be keys and values of at most 63 lower-case letters");
  }

  @Test
  void there_are_at_most_64_labels_and_each_replica_is_told_once() {
    var labels = new HashMap<String, String>();
    for (int i = 0; i < 65; i++) {
      labels.put("l" + i, "");
    }

    assertThat(refusal("create_secret", "true", "labels", OtherGoogle.json(labels)))
        .isEqualTo("labels is \"65 labels\"; must be at most 64 labels");
    assertThat(refusal("create_secret", "true", "replicas", "[\"Europe\"]"))
        .startsWith("replicas is \"Europe\"; must be locations");
    assertThat(refusal("create_secret", "true", "replicas", "[\"a1\",\"a1\"]"))
        .startsWith("replicas is \"[a1, a1]\"; must be locations, each of them once");
  }

  @Test
  void an_alias_may_have_63_characters() {
    assertThatCode(() -> parse("alias", "a".repeat(63))).doesNotThrowAnyException();
    assertThat(refusal("alias", "a".repeat(64))).contains("1 to 63 letters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"external_account", "authorized_user", "impersonated_service_account"})
  void other_documents_than_keys_belong_to_the_sidecars_environment(String type) {
    assertThat(ofKey(key -> key.put("type", type)))
        .isEqualTo(
            "credentials are of the type \"%s\", which may name programs, files and addresses and so belongs to the environment of the sidecar's own process (credentials empty);"
                    .formatted(type)
                + " must be the key of a service account as JSON, as Google gives it out: its type is service_account; or empty");
  }

  @Test
  void no_error_quotes_what_was_given_as_credentials() {
    assertThat(refusal("credentials", "s3cret")).startsWith("credentials are no JSON document");
    assertThat(refusal("credentials", "[\"s3cret\"]")).startsWith("credentials are no JSON");
    assertThat(refusal("credentials", "{\"type\":\"s3cret word\"}"))
        .contains("of the type \"…\"")
        .doesNotContain("s3cret");
    assertThat(ofKey(key -> key.remove("private_key"))).contains("have no private_key;");
    assertThat(ofKey(key -> key.put("client_email", "s3cret mail")))
        .contains("have a client_email that is none")
        .doesNotContain("s3cret");
    for (var uri : List.of("http://s3cret.example.com", "s3cret", "https://me:s3cret@x", "a b")) {
      assertThat(ofKey(key -> key.put("token_uri", uri)))
          .contains("have a token_uri that is no https URL")
          .doesNotContain("s3cret");
    }
    assertThat(refusal("credentials", "{\"type\":\"service_account\",\"type\":\"x\"}"))
        .contains("are no JSON document");
    assertThat(parse().toString()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void a_key_that_cannot_sign_is_refused_and_not_quoted() throws Exception {
    try (var other = new OtherGoogle()) {
      var key = PlayedGoogle.key();
      key.put("private_key", "-----BEGIN PRIVATE KEY-----\nczNjcmV0\n-----END PRIVATE KEY-----\n");
      var settings = OtherGoogle.settings();
      settings.put("credentials", OtherGoogle.json(key));

      assertThatThrownBy(() -> other.kind().open(settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("credentials have a private_key that is none")
          .hasMessageNotContaining("czNj")
          .hasNoCause();
    }
  }

  @Test
  void an_entry_is_the_id_of_a_secret() throws Exception {
    try (var other = new OtherGoogle()) {
      var kind = other.kind();
      assertThatCode(() -> kind.checkEntry("Genesys_billing-1")).doesNotThrowAnyException();
      assertThatCode(() -> kind.checkEntry("a".repeat(255))).doesNotThrowAnyException();
      for (var entry : List.of("", "a/b", "a b", "a.b", "ä", "a".repeat(256))) {
        assertThatThrownBy(() -> kind.checkEntry(entry))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is no id of a secret; must be 1 to 255 letters");
      }
      assertThat(kind.addresses()).containsExactly("endpoint");
      assertThat(kind.keepsFormer()).isTrue();
      assertThat(kind.writesToCheck()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "googleapis.com.evil.example:443", "127.0.0.1:8443"})
  void the_log_in_of_the_process_goes_to_google_alone(String endpoint) {
    var settings = new HashMap<>(OtherGoogle.settings());
    settings.put("endpoint", endpoint);
    assertThat(GcpSettings.parse(settings).key()).isPresent();
    settings.remove("credentials");

    assertThatThrownBy(() -> GcpSettings.parse(settings))
        .hasMessageContaining("must be one of Google's where no credentials are given");
    settings.put("endpoint", "secretmanager.eu.p.googleapis.com");
    assertThat(GcpSettings.parse(settings).key()).isEmpty();
  }
}
