package dev.genesysvault.destination.google;

import static com.google.cloud.secretmanager.v1.SecretVersion.State.DESTROYED;
import static com.google.cloud.secretmanager.v1.SecretVersion.State.DISABLED;
import static com.google.cloud.secretmanager.v1.SecretVersion.State.ENABLED;
import static dev.genesysvault.destination.google.OtherGoogle.ENTRY;
import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.THIRD;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.json;
import static dev.genesysvault.destination.google.OtherGoogle.look;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Value;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a value becomes what readers of the latest version get, whatever happens on the way. */
final class GcpVersionsTest {
  private final OtherGoogle other = new OtherGoogle();
  private final Destination destination = other.open();

  GcpVersionsTest() throws Exception {}

  @BeforeEach
  void make() {
    other.secrets().make(SECRET);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  @Test
  void a_value_is_added_as_the_next_version_and_read_back() throws Exception {
    assertThat(sent(destination, VALUE)).isEqualTo("1");
    other.google.forgetCalls();
    assertThat(sent(destination, NEXT)).isEqualTo("2");

    assertThat(other.google.calls())
        .containsExactly(
            "AccessSecretVersion genesys-billing/versions/latest",
            "AccessSecretVersion genesys-billing/versions/2",
            "AddSecretVersion genesys-billing",
            "AccessSecretVersion genesys-billing/versions/2",
            "ListSecretVersions genesys-billing",
            "AccessSecretVersion genesys-billing/versions/1");
    assertThat(other.secrets().read(SECRET, "latest")).isEqualTo(json(NEXT.members()));
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void what_readers_get_already_is_not_added_again() throws Exception {
    sent(destination, VALUE);

    assertThat(sent(destination, VALUE)).isEqualTo("1");
    assertThat(other.secrets().states(SECRET)).hasSize(1);
  }

  @Test
  void the_same_in_other_letters_is_not_added_again() throws Exception {
    other.secrets().add(SECRET, "{ \"b\": 2,\n \"a\": \"1\" }");

    assertThat(sent(destination, new Value(Map.of("a", "1", "b", 2L)))).isEqualTo("1");
    assertThat(sent(destination, new Value(Map.of("a", "1", "b", "2")))).isEqualTo("2");
  }

  @Test
  void what_is_no_json_is_another_value() throws Exception {
    other.secrets().add(SECRET, "hand-written");
    other.secrets().add(SECRET, json(VALUE.members()) + " {}");

    assertThat(sent(destination, VALUE)).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessSecretVersion", "AddSecretVersion", "ListSecretVersions"})
  void a_lost_request_is_a_failure_and_the_next_try_ends_with_one_version(String method)
      throws Exception {
    sent(destination, VALUE);
    other.google.loseRequest(method);

    assertThat(failure(destination, NEXT).extent()).isEqualTo(Extent.DESTINATION);
    assertThat(sent(destination, NEXT)).isEqualTo("2");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void an_added_version_whose_answer_is_lost_is_found_by_the_next_try() throws Exception {
    other.google.loseAnswer("AddSecretVersion");

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .isEqualTo(
            "AddSecretVersion of projects/acme-prod/secrets/genesys-billing at secretmanager.genesys.test (projects/acme-prod):"
                + " UNAVAILABLE: Told to lose the answer.; it does not answer as it should: tried again");
    assertThat(sent(destination, VALUE)).isEqualTo("1");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED);
  }

  @Test
  void a_lost_reading_back_is_made_good_by_the_next_try() throws Exception {
    other.google.before("AddSecretVersion", () -> other.google.loseAnswer("AccessSecretVersion"));

    failure(destination, VALUE);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void of_versions_that_hold_the_same_readers_get_the_newest() throws Exception {
    other.google.loseAnswer("AddSecretVersion");
    failure(destination, VALUE);
    other.secrets().add(SECRET, json(VALUE.members()));

    assertThat(sent(destination, VALUE)).isEqualTo("2");
    // Who still gets the first one has what logs in.
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void a_version_that_nothing_shows_yet_is_found_by_its_number() throws Exception {
    sent(destination, VALUE);
    other.google.loseAnswer("AddSecretVersion");
    other.secrets().lag(true);
    failure(destination, NEXT);

    assertThat(sent(destination, NEXT)).isEqualTo("2");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void it_is_found_behind_what_others_have_added_meanwhile() throws Exception {
    sent(destination, VALUE);
    other.secrets().lag(true);
    other.secrets().add(SECRET, "somebody else's");
    other.google.loseAnswer("AddSecretVersion");
    failure(destination, NEXT);

    assertThat(sent(destination, NEXT)).isEqualTo("3");
    assertThat(other.secrets().states(SECRET)).hasSize(3);
  }

  @Test
  void a_request_that_arrives_after_the_next_try_leaves_two_versions_that_both_log_in()
      throws Exception {
    sent(destination, VALUE);
    // The first try's arrives when the second one has looked already.
    other.google.loseRequest("AddSecretVersion");
    failure(destination, NEXT);
    other.google.before(
        "AddSecretVersion", () -> other.secrets().add(SECRET, json(NEXT.members())));

    assertThat(sent(destination, NEXT)).isEqualTo("3");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED, ENABLED);
  }

  @Test
  void a_newer_double_that_the_list_alone_shows_is_what_readers_get() throws Exception {
    sent(destination, VALUE);
    other.google.before(
        "ListSecretVersions", () -> other.secrets().add(SECRET, json(VALUE.members())));

    assertThat(sent(destination, VALUE)).isEqualTo("2");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void the_list_may_lag_behind_what_was_added() throws Exception {
    sent(destination, VALUE);
    other.secrets().lag(true);

    assertThat(sent(destination, NEXT)).isEqualTo("2");
  }

  @Test
  void no_more_than_the_five_newest_others_are_read() throws Exception {
    for (int i = 0; i < 40; i++) {
      other.secrets().add(SECRET, "other " + i);
    }
    sent(destination, VALUE);

    assertThat(other.google.calls().stream().filter(it -> it.startsWith("Access"))).hasSize(8);
  }

  @Test
  void a_version_that_somebody_else_adds_meanwhile_is_what_readers_get_and_said() throws Exception {
    other.google.before("ListSecretVersions", () -> other.secrets().add(SECRET, "by hand"));

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .startsWith("the secret genesys-billing at secretmanager.genesys.test")
        .contains("got another version after 1 from somebody else");
    assertThat(sent(destination, VALUE)).isEqualTo("3");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED, ENABLED);
  }

  @Test
  void a_disabled_latest_version_gets_a_successor() throws Exception {
    sent(destination, VALUE);
    other.secrets().change(SECRET, 1, DISABLED);

    assertThat(sent(destination, VALUE)).isEqualTo("2");
    other.secrets().change(SECRET, 2, DESTROYED);
    assertThat(sent(destination, VALUE)).isEqualTo("3");
  }

  @Test
  void what_is_read_back_otherwise_is_not_confirmed_and_nothing_is_ended() throws Exception {
    sent(destination, VALUE);
    other.google.show(it ->
        it.getName().endsWith("/2")
            ? it.toBuilder()
                .setPayload(
                    it.getPayload().toBuilder()
                        .clearDataCrc32C()
                        .setData(ByteString.copyFromUtf8("{}")))
                .build()
            : it);

    var failure = failure(destination, NEXT);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("took version 2, and does not show it");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void what_comes_with_another_checksum_is_not_confirmed() throws Exception {
    other.google.show(
        it -> it.toBuilder().setPayload(it.getPayload().toBuilder().setDataCrc32C(7)).build());

    assertThat(failure(destination, VALUE).why().text())
        .contains("showed version 1 with a checksum that is another one's");
    assertThat(failure(destination, VALUE).why().text()).contains("showed version 1");
    other.google.show(it -> it);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void a_value_that_is_too_large_is_sent_nowhere() throws Exception {
    var large = new Value(Map.of("a", "x".repeat(64 * 1024 - 8)));
    var failure = failure(destination, new Value(Map.of("a", "x".repeat(64 * 1024 - 7))));

    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("65,537 bytes of the 65,536 that Google takes");
    assertThat(other.google.calls()).isEmpty();
    assertThat(sent(destination, large)).isEqualTo("1");
  }

  @Test
  void what_readers_get_is_seen_to_be_what_was_sent() throws Exception {
    assertThat(look(destination, VALUE)).isEqualTo(new Seen.Otherwise("it was deleted"));
    sent(destination, VALUE);
    assertThat(look(destination, VALUE)).isEqualTo(new Seen.AsSent());

    other.secrets().add(SECRET, "by hand");
    assertThat(look(destination, VALUE))
        .isEqualTo(new Seen.Otherwise("version 2 holds something else"));
    other.secrets().change(SECRET, 2, DISABLED);
    assertThat(look(destination, VALUE))
        .isEqualTo(new Seen.Otherwise("what readers get was disabled or destroyed"));
    other.secrets().delete(SECRET);
    assertThat(look(destination, VALUE)).isEqualTo(new Seen.Otherwise("it was deleted"));
  }

  @Test
  void a_key_that_cannot_be_used_is_no_drift() throws Exception {
    sent(destination, VALUE);
    other.google.refuse(
        "AccessSecretVersion",
        Status.FAILED_PRECONDITION.withDescription("The CMEK key is disabled."));

    var seen = look(destination, VALUE);
    assertThat(seen).isInstanceOf(Seen.Failed.class);
    var failure = ((Seen.Failed) seen).failure();
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("The CMEK key is disabled", "Cloud KMS");
  }

  @Test
  void regional_secrets_are_named_by_their_location() throws Exception {
    var name = "projects/acme-prod/locations/europe-west3/secrets/" + ENTRY;
    var regional = other.open("location", "europe-west3", "create_secret", "true");

    assertThat(sent(regional, VALUE)).isEqualTo("1");
    assertThat(sent(regional, THIRD)).isEqualTo("2");
    assertThat(other.secrets().secret(name).hasReplication()).isFalse();
    assertThat(other.secrets().states(name)).isEqualTo(List.of(ENABLED, ENABLED));
  }

  @Test
  void a_look_that_lags_behind_what_was_sent_is_no_drift() throws Exception {
    sent(destination, VALUE);
    other.secrets().lag(true);
    assertThat(sent(destination, NEXT)).isEqualTo("2");

    var seen = destination.look(OtherGoogle.ENTRY, "2", NEXT, OtherGoogle.soon());
    assertThat(seen).isInstanceOf(Seen.Failed.class);
    assertThat(((Seen.Failed) seen).failure().why().text())
        .contains("shows version 1 as the latest, and has version 2");
    other.secrets().lag(false);
    assertThat(destination.look(OtherGoogle.ENTRY, "2", NEXT, OtherGoogle.soon()))
        .isEqualTo(new Seen.AsSent());
  }
}
