package dev.genesysvault.destination.google;

import static com.google.cloud.secretmanager.v1.SecretVersion.State.DISABLED;
import static com.google.cloud.secretmanager.v1.SecretVersion.State.ENABLED;
import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.json;
import static dev.genesysvault.destination.google.OtherGoogle.look;
import static dev.genesysvault.destination.google.OtherGoogle.remove;
import static dev.genesysvault.destination.google.OtherGoogle.retire;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.DestinationFailure.Extent;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that name the present version by an alias. */
final class GcpAliasTest {
  private final OtherGoogle other = new OtherGoogle();
  private final Destination destination = other.open("alias", "live");

  GcpAliasTest() throws Exception {}

  @BeforeEach
  void make() {
    other.secrets().make(SECRET);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  private Map<String, Long> aliases() {
    return other.secrets().secret(SECRET).getVersionAliasesMap();
  }

  @Test
  void the_alias_names_a_version_once_that_was_read_back() throws Exception {
    other.secrets().add(SECRET, "by hand");
    other.secrets().alias(SECRET, "other", 1);
    assertThat(sent(destination, VALUE)).isEqualTo("2");
    assertThat(aliases()).isEqualTo(Map.of("other", 1L, "live", 2L));

    other.google.forgetCalls();
    assertThat(sent(destination, NEXT)).isEqualTo("3");
    assertThat(aliases()).isEqualTo(Map.of("other", 1L, "live", 3L));
    assertThat(other.google.calls())
        .containsSubsequence(
            "AddSecretVersion genesys-billing",
            "AccessSecretVersion genesys-billing/versions/3",
            "GetSecret genesys-billing",
            "UpdateSecret genesys-billing");
  }

  @Test
  void an_alias_that_names_the_value_already_is_left_alone() throws Exception {
    sent(destination, VALUE);
    other.secrets().add(SECRET, "by hand");
    other.google.forgetCalls();

    assertThat(sent(destination, VALUE)).isEqualTo("1");
    assertThat(other.google.calls()).noneMatch(it -> it.startsWith("UpdateSecret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GetSecret", "UpdateSecret"})
  void a_lost_request_leaves_the_alias_and_the_next_try_moves_it(String method) throws Exception {
    sent(destination, VALUE);
    other.google.loseRequest(method);

    failure(destination, NEXT);
    assertThat(other.secrets().read(SECRET, "live")).isEqualTo(json(VALUE.members()));
    assertThat(sent(destination, NEXT)).isEqualTo("2");
    assertThat(aliases()).isEqualTo(Map.of("live", 2L));
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void a_moved_alias_whose_answer_is_lost_is_found_by_the_next_try() throws Exception {
    other.google.loseAnswer("UpdateSecret");

    failure(destination, VALUE);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
    assertThat(other.google.calls().stream().filter(it -> it.startsWith("Update"))).hasSize(1);
  }

  @Test
  void nobody_elses_change_of_the_secret_is_written_over() throws Exception {
    sent(destination, VALUE);
    other.google.before("UpdateSecret", () -> other.secrets().alias(SECRET, "other", 1));

    var failure = failure(destination, NEXT);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .endsWith(
            "was changed by somebody else at the same moment, so that its alias live stays where it was: tried again");
    assertThat(aliases()).isEqualTo(Map.of("live", 1L, "other", 1L));
    assertThat(sent(destination, NEXT)).isEqualTo("2");
    assertThat(aliases()).isEqualTo(Map.of("live", 2L, "other", 1L));
  }

  @Test
  void the_alias_moves_to_the_newest_that_holds_the_same() throws Exception {
    sent(destination, VALUE);
    other.secrets().add(SECRET, json(VALUE.members()));
    other.google.loseRequest("UpdateSecret");

    failure(destination, VALUE);
    assertThat(other.secrets().read(SECRET, "live")).isEqualTo(json(VALUE.members()));
    assertThat(sent(destination, VALUE)).isEqualTo("2");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED);
  }

  @Test
  void a_look_follows_the_alias() throws Exception {
    sent(destination, VALUE);
    other.secrets().add(SECRET, "by hand");
    assertThat(look(destination, VALUE)).isEqualTo(new Seen.AsSent());

    other.secrets().alias(SECRET, "live", 2);
    assertThat(look(destination, VALUE))
        .isEqualTo(
            new Seen.Otherwise("its alias live names version 2, which holds something else"));
    other.secrets().change(SECRET, 2, DISABLED);
    assertThat(look(destination, VALUE))
        .isEqualTo(new Seen.Otherwise("what readers get was disabled or destroyed"));
    other.secrets().delete(SECRET);
    assertThat(look(destination, VALUE))
        .isEqualTo(new Seen.Otherwise("it was deleted, or its alias live was"));
  }

  @Test
  void former_versions_are_retired_where_the_alias_names_the_present_one() throws Exception {
    sent(destination, VALUE);
    sent(destination, NEXT);
    other.secrets().add(SECRET, "by hand");

    assertThat(retire(destination, "2", "1")).isEqualTo(new Removed.Done());
    assertThat(other.secrets().states(SECRET)).containsExactly(DISABLED, ENABLED, ENABLED);
  }

  @Test
  void an_alias_of_somebody_elses_version_keeps_all_versions() throws Exception {
    sent(destination, VALUE);
    sent(destination, NEXT);
    other.secrets().add(SECRET, "by hand");
    other.secrets().alias(SECRET, "live", 3);

    assertThat(retire(destination, "2", "1")).isEqualTo(new Removed.Done());
    assertThat(remove(destination, "2")).isEqualTo(new Removed.Done());
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED, ENABLED);
    assertThat(aliases()).isEqualTo(Map.of("live", 3L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UpdateSecret", "GetSecretVersion", "DisableSecretVersion"})
  void a_removal_takes_the_alias_off_first_and_is_safe_to_repeat(String method) throws Exception {
    sent(destination, VALUE);
    other.secrets().alias(SECRET, "other", 1);
    other.google.loseAnswer(method);

    failure(remove(destination, "1"));
    assertThat(remove(destination, "1")).isEqualTo(new Removed.Done());
    assertThat(aliases()).isEqualTo(Map.of("other", 1L));
    assertThat(other.secrets().states(SECRET)).containsExactly(DISABLED);
    assertThat(other.google.calls())
        .containsSubsequence(
            "UpdateSecret genesys-billing", "DisableSecretVersion genesys-billing/versions/1");
  }

  @Test
  void a_removal_that_meets_another_change_of_the_secret_is_tried_again() throws Exception {
    sent(destination, VALUE);
    other.google.before("UpdateSecret", () -> other.secrets().alias(SECRET, "other", 1));

    assertThat(failure(remove(destination, "1")).extent()).isEqualTo(Extent.ENTRY);
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED);
    assertThat(remove(destination, "1")).isEqualTo(new Removed.Done());
    assertThat(aliases()).isEqualTo(Map.of("other", 1L));
  }

  @Test
  void nothing_is_removed_of_a_secret_that_is_gone() throws Exception {
    sent(destination, VALUE);
    other.secrets().delete(SECRET);

    assertThat(remove(destination, "1")).isEqualTo(new Removed.Done());
    assertThat(retire(destination, "2", "1")).isEqualTo(new Removed.Done());
  }
}
