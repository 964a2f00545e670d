package dev.genesysvault.destination.google;

import static com.google.cloud.secretmanager.v1.SecretVersion.State.DESTROYED;
import static com.google.cloud.secretmanager.v1.SecretVersion.State.DISABLED;
import static com.google.cloud.secretmanager.v1.SecretVersion.State.ENABLED;
import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.THIRD;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.json;
import static dev.genesysvault.destination.google.OtherGoogle.remove;
import static dev.genesysvault.destination.google.OtherGoogle.retire;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.DestinationFailure.Extent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of versions that nobody is to read any more. */
final class GcpEndingTest {
  private static final Removed DONE = new Removed.Done();

  private final OtherGoogle other = new OtherGoogle();
  private final Destination destination = other.open();

  GcpEndingTest() throws Exception {}

  @BeforeEach
  void make() throws Exception {
    other.secrets().make(SECRET);
    other.secrets().add(SECRET, "from before");
    sent(destination, VALUE);
    sent(destination, NEXT);
    sent(destination, THIRD);
    assertThat(other.secrets().states(SECRET)).hasSize(4);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  @Test
  void former_versions_are_disabled_and_older_ones_stay() throws Exception {
    assertThat(retire(destination, "4", "2", "3")).isEqualTo(DONE);

    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, DISABLED, DISABLED, ENABLED);
  }

  @Test
  void what_lies_between_is_of_a_client_that_still_works_and_stays() throws Exception {
    assertThat(retire(destination, "4", "2")).isEqualTo(DONE);

    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, DISABLED, ENABLED, ENABLED);
  }

  @Test
  void what_holds_the_same_as_a_former_version_ends_with_it() throws Exception {
    other.secrets().add(SECRET, json(VALUE.members()));
    other.secrets().add(SECRET, "by hand");
    var present = sent(destination, THIRD);

    assertThat(present).isEqualTo("7");
    assertThat(retire(destination, present, "5")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, DISABLED, ENABLED, ENABLED, DISABLED, ENABLED, ENABLED);
  }

  @Test
  void former_versions_are_destroyed_where_that_is_wanted() throws Exception {
    other.secrets().change(SECRET, 3, DISABLED);

    assertThat(retire(other.open("destroy_former", "true"), "4", "2", "3")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, DESTROYED, DISABLED, ENABLED);
  }

  @Test
  void nothing_is_retired_where_readers_get_somebody_elses_version() throws Exception {
    other.secrets().add(SECRET, "by hand");

    assertThat(retire(destination, "4", "2", "3")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET)).containsOnly(ENABLED).hasSize(5);
  }

  @Test
  void a_version_that_came_late_and_holds_the_same_is_as_good_as_the_present_one()
      throws Exception {
    other.secrets().add(SECRET, json(THIRD.members()));

    assertThat(retire(destination, "4", "3")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, ENABLED, DISABLED, ENABLED, ENABLED);
    assertThat(remove(destination, "4")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, ENABLED, DISABLED, DISABLED, DISABLED);
  }

  @Test
  void a_list_that_lags_is_waited_for() throws Exception {
    other.secrets().lag(true);
    other.secrets().add(SECRET, "x");

    var failure = failure(retire(destination, "5", "2"));
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("does not list version 5 yet, which it has");
    other.secrets().lag(false);
    assertThat(retire(destination, "5", "4")).isEqualTo(DONE);
  }

  @Test
  void another_secret_of_the_same_name_is_left_alone() throws Exception {
    other.secrets().delete(SECRET);
    other.secrets().make(SECRET);
    other.secrets().add(SECRET, "by hand");

    assertThat(retire(destination, "4", "1")).isEqualTo(DONE);
    assertThat(remove(destination, "4")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED);
  }

  @Test
  void a_secret_that_is_gone_is_fine() throws Exception {
    other.secrets().delete(SECRET);

    assertThat(retire(destination, "4", "2")).isEqualTo(DONE);
    assertThat(remove(destination, "4")).isEqualTo(DONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_retirement_is_safe_to_repeat(boolean destroy) throws Exception {
    var each = other.open(destroy ? new String[] {"destroy_former", "true"} : new String[0]);
    other.google.loseAnswer(destroy ? "DestroySecretVersion" : "DisableSecretVersion");

    assertThat(failure(retire(each, "4", "2", "3")).extent()).isEqualTo(Extent.DESTINATION);
    assertThat(retire(each, "4", "2", "3")).isEqualTo(DONE);
    assertThat(retire(each, "4", "2", "3")).isEqualTo(DONE);
    var ended = destroy ? DESTROYED : DISABLED;
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ended, ended, ENABLED);
  }

  @Test
  void a_version_that_somebody_else_ends_meanwhile_is_fine() throws Exception {
    other.google.before("DisableSecretVersion", () -> other.secrets().change(SECRET, 3, DESTROYED));

    assertThat(retire(destination, "4", "2", "3")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, DISABLED, DESTROYED, ENABLED);
  }

  @Test
  void a_version_that_somebody_else_enables_meanwhile_is_tried_again() throws Exception {
    other.google.before("DisableSecretVersion", () -> other.secrets().change(SECRET, 3, ENABLED));

    var failure = failure(retire(destination, "4", "2", "3"));
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("FAILED_PRECONDITION", "etag");
    assertThat(retire(destination, "4", "2", "3")).isEqualTo(DONE);
  }

  @Test
  void many_versions_are_looked_at_page_by_page() throws Exception {
    for (int i = 0; i < 150; i++) {
      other.secrets().add(SECRET, "other " + i);
    }
    var present = sent(destination, VALUE);

    assertThat(retire(destination, present, "3")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET).subList(0, 2)).containsOnly(ENABLED);
    assertThat(other.secrets().states(SECRET).get(2)).isEqualTo(DISABLED);
    assertThat(other.secrets().states(SECRET).subList(3, 155)).containsOnly(ENABLED);
  }

  @Test
  void an_entry_is_removed_by_disabling_what_readers_get() throws Exception {
    assertThat(remove(destination, "4")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED, ENABLED, ENABLED, DISABLED);
    other.google.forgetCalls();

    assertThat(remove(destination, "4")).isEqualTo(DONE);
    assertThat(other.google.calls())
        .containsExactly(
            "ListSecretVersions genesys-billing", "GetSecretVersion genesys-billing/versions/4");
  }

  @Test
  void an_entry_is_removed_by_destroying_where_that_is_wanted() throws Exception {
    assertThat(remove(other.open("destroy_former", "true"), "4")).isEqualTo(DONE);

    assertThat(other.secrets().states(SECRET))
        .containsExactly(ENABLED, ENABLED, ENABLED, DESTROYED);
    assertThat(other.secrets().exists(SECRET)).isTrue();
  }

  @Test
  void what_somebody_else_has_put_there_is_not_removed() throws Exception {
    other.secrets().add(SECRET, "by hand");

    assertThat(remove(destination, "4")).isEqualTo(DONE);
    assertThat(other.secrets().states(SECRET)).containsOnly(ENABLED);
  }
}
