package dev.genesysvault.destination.vault;

import static dev.genesysvault.destination.vault.OtherVault.ENTRY;
import static dev.genesysvault.destination.vault.OtherVault.NEXT;
import static dev.genesysvault.destination.vault.OtherVault.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said where the other Vault does not do what it was asked. */
final class KvFailuresTest {
  private static final String READ = "GET secret/data/apps/billing";

  private final OtherVault other = new OtherVault();

  @BeforeEach
  void log_in() throws Exception {
    other.sent(VALUE);
  }

  private DestinationFailure met(int status, String body, String... headers)
      throws InterruptedException {
    other.vault.answer(READ, status, body, headers);
    return other.failure(NEXT);
  }

  @ParameterizedTest
  @CsvSource({
    "307, DESTINATION, a redirect",
    "308, DESTINATION, a redirect",
    "400, ENTRY, is it a KV engine of version 2?",
    "405, ENTRY, is it a KV engine of version 2?",
    "407, DESTINATION, a proxy",
    "412, DESTINATION, has not caught up",
    "413, ENTRY, does not take this request",
    "429, DESTINATION, no more requests for now",
    "472, DESTINATION, stands by",
    "473, DESTINATION, stands by",
    "500, DESTINATION, its own log says why",
    "502, DESTINATION, its own log says why",
    "503, DESTINATION, its own log says why"
  })
  void every_status_says_how_far_it_reaches_and_what_to_do(int status, Extent extent, String advice)
      throws Exception {
    var failure = met(status, "{\"errors\":[\"told so\"]}");

    assertThat(failure.extent()).isEqualTo(extent);
    assertThat(failure.why().text())
        .startsWith(
            "GET secret/data/apps/billing at https://vault.example.com:8200: HTTP %d: told so; "
                .formatted(status))
        .contains(advice);
    assertThat(failure.retryAfter()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"429, 7, PT7S", "503, 120, PT2M"})
  void a_wish_to_be_left_alone_is_handed_on(int status, String header, Duration wait)
      throws Exception {
    assertThat(met(status, "{\"errors\":[]}", "Retry-After", header).retryAfter()).isEqualTo(wait);
  }

  @Test
  void a_redirect_is_not_followed_and_says_what_to_give_instead() throws Exception {
    var failure = met(307, "", "Location", "https://elsewhere.example.com/v1/secret/data/x");

    assertThat(failure.why().text())
        .endsWith(
            "HTTP 307; a redirect, which is not followed: give the address of the active node, or of a load balancer before it");
    assertThat(other.vault.requests())
        .allMatch(request -> request.uri().getHost().equals("vault.example.com"));
  }

  @Test
  void a_sealed_vault_is_said_to_be_sealed() throws Exception {
    other.vault.seal(true);

    var failure = other.failure(NEXT);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text()).contains("HTTP 503: Vault is sealed; it is sealed: unseal it");
    other.vault.seal(false);
    assertThat(other.sent(NEXT)).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource({"400", "401", "403", "404"})
  void what_is_not_vaults_own_answer_concerns_all_entries(int status) throws Exception {
    var failure = met(status, "<html>denied</html>");

    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text()).contains("HTTP %d; ".formatted(status), "proxy");
  }

  @Test
  void a_mount_that_is_not_there_concerns_all_entries() throws Exception {
    var settings = other.vault.settings();
    settings.put("kv_mount", "team/kv");

    var failure = OtherVault.failure(other.open(settings).send(ENTRY, VALUE, other.soon()));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .contains("no handler for route", "kv_mount is \"team/kv\", where nothing is mounted");
  }

  @Test
  void a_namespace_that_is_not_there_concerns_all_entries() throws Exception {
    var settings = other.vault.settings();
    settings.put("namespace", "/team/nobody/");

    var failure = OtherVault.failure(other.open(settings).send(ENTRY, VALUE, other.soon()));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .startsWith(
            "POST auth/approle/login at https://vault.example.com:8200 (namespace team/nobody): HTTP 404: namespace not found; namespace must name one");
  }

  @Test
  void an_engine_that_is_being_upgraded_concerns_all_entries() throws Exception {
    var failure =
        met(400, "{\"errors\":[\"Upgrading from non-versioned to versioned data. Wait.\"]}");

    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
  }

  @Test
  void a_request_id_is_said_and_does_not_make_another_trouble_of_it() throws Exception {
    var first = met(500, "{\"errors\":[\"told so\"],\"request_id\":\"0a-1\"}");
    var second = met(500, "{\"errors\":[\"told so\"],\"request_id\":\"0a-2\"}");

    assertThat(first.why().text()).endsWith("(request_id 0a-1)");
    assertThat(second.why().text()).endsWith("(request_id 0a-2)");
    assertThat(first.why().isSameAs(second.why())).isTrue();
  }

  @Test
  void what_every_entry_meets_is_one_trouble_and_what_one_meets_is_its_own() throws Exception {
    other.vault.seal(true);
    var sealed = other.failure(NEXT);
    var alike = OtherVault.failure(other.destination.send("apps/other", NEXT, other.soon()));
    assertThat(sealed.why().isSameAs(alike.why())).isTrue();

    other.vault.seal(false);
    other.vault.deny("secret/data/apps/billing", "read");
    other.vault.deny("secret/data/apps/other", "read");
    var denied = other.failure(NEXT);
    var another = OtherVault.failure(other.destination.send("apps/other", NEXT, other.soon()));
    assertThat(denied.why().isSameAs(another.why())).isFalse();
  }

  @Test
  void vaults_own_words_are_cut_and_without_control_characters() throws Exception {
    var text =
        met(500, "{\"errors\":[\"a\\u0000b\\nc\\u202e%s\"]}".formatted("x".repeat(10_000)))
            .why()
            .text();

    assertThat(text).contains("a b c xxx").hasSizeLessThan(500);
    assertThat(text.chars()).noneMatch(Character::isISOControl);
  }

  @Test
  void words_that_quote_a_secret_are_left_out() throws Exception {
    other.vault.answer(
        "POST secret/data/", 400, "{\"errors\":[\"bad value s3cret-2\"],\"request_id\":\"0a\"}");
    assertThat(other.failure(NEXT).why().text()).contains("its words quote a secret");

    assertThat(met(500, "{\"errors\":[\"bad token token-1\"]}").why().text())
        .contains("its words quote a secret");
  }

  @Test
  void a_reply_of_more_than_a_megabyte_is_not_taken_in_and_concerns_its_entry() throws Exception {
    var failure = met(200, "{\"data\":\"%s\"}".formatted("x".repeat(1024 * 1024)));

    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("HTTP 200 with more than 1,048,576 bytes");
  }

  @Test
  void a_success_that_says_nothing_is_none() throws Exception {
    assertThat(met(200, "welcome").why().text())
        .contains("HTTP 200: kv_mount is \"secret\", which is not the path of a KV engine");
    assertThat(met(200, "").extent()).isEqualTo(Extent.DESTINATION);
  }

  @Test
  void deep_and_broken_json_is_no_answer() throws Exception {
    assertThat(met(200, "[".repeat(100_000)).extent()).isEqualTo(Extent.DESTINATION);
    assertThat(met(404, "{\"errors\":[").extent()).isEqualTo(Extent.DESTINATION);
  }

  @Test
  void a_destination_that_nobody_reaches_says_so() throws Exception {
    other.vault.loseRequest(READ);

    var failure = other.failure(NEXT);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .isEqualTo(
            "GET secret/data/apps/billing at https://vault.example.com:8200: no connection: told so");
  }

  @Test
  void another_entrys_value_is_none_of_the_messages() throws Exception {
    other.vault.engine().write(ENTRY, Map.of("client_secret", "s3cret-of-others"));
    other.vault.answer("POST secret/data/", 500, "{\"errors\":[]}");

    assertThat(other.failure(NEXT).why().text()).contains("HTTP 500; it does not answer");
  }
}
