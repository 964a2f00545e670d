package dev.genesysvault.destination.vault;

import static dev.genesysvault.destination.vault.OtherVault.ENTRY;
import static dev.genesysvault.destination.vault.OtherVault.NEXT;
import static dev.genesysvault.destination.vault.OtherVault.VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of entries and their versions. */
final class KvVersionsTest {
  private static final String DATA = "secret/data/" + ENTRY;

  private final OtherVault other = new OtherVault();

  @Test
  void a_value_is_written_as_the_next_version_and_read_back() throws Exception {
    assertThat(other.sent(VALUE)).isEqualTo("1");
    other.vault.forgetRequests();
    assertThat(other.sent(NEXT)).isEqualTo("2");

    assertThat(other.vault.asked())
        .containsExactly("GET " + DATA, "POST " + DATA, "GET " + DATA + "?version=2");
    assertThat(other.vault.engine().held(ENTRY).orElseThrow().path("client_secret").asText())
        .isEqualTo("s3cret-2");
  }

  @Test
  void what_an_entry_holds_already_is_not_written_again() throws Exception {
    other.sent(VALUE);
    other.vault.forgetRequests();

    assertThat(other.sent(VALUE)).isEqualTo("1");
    assertThat(other.vault.asked()).containsExactly("GET " + DATA);
  }

  @Test
  void numbers_are_the_same_however_the_engine_writes_them() throws Exception {
    var value = new Value(Map.of("long", 12_345_678_901_234_567L, "half", 0.5, "whole", 2.0));

    assertThat(other.sent(value)).isEqualTo("1");
    assertThat(other.sent(value)).isEqualTo("1");
    assertThat(other.sent(new Value(Map.of("long", 1, "half", 0.5, "whole", 2)))).isEqualTo("2");
  }

  @Test
  void one_member_more_or_less_is_another_value() throws Exception {
    other.sent(new Value(Map.of("a", "1")));

    assertThat(other.sent(new Value(Map.of("a", "1", "b", "2")))).isEqualTo("2");
    assertThat(other.sent(new Value(Map.of("a", "1")))).isEqualTo("3");
    assertThat(other.sent(new Value(Map.of("a", 1)))).isEqualTo("4");
    assertThat(other.sent(new Value(Map.of("a", List.of("1"))))).isEqualTo("5");
  }

  @Test
  void a_deleted_entry_gets_the_version_after_its_last_one() throws Exception {
    other.sent(VALUE);
    other.vault.engine().delete(ENTRY, 1);

    assertThat(other.sent(VALUE)).isEqualTo("2");
  }

  @Test
  void a_destroyed_entry_gets_the_version_after_its_last_one() throws Exception {
    other.sent(VALUE);
    other.vault.engine().destroy(ENTRY, 1);

    assertThat(other.sent(VALUE)).isEqualTo("2");
  }

  @Test
  void an_entry_that_was_removed_with_all_its_versions_begins_with_the_first() throws Exception {
    other.sent(VALUE);
    other.sent(NEXT);
    other.vault.engine().forget(ENTRY);

    assertThat(other.sent(VALUE)).isEqualTo("1");
  }

  @Test
  void a_lost_answer_is_a_failure_and_the_next_try_finds_the_value_written() throws Exception {
    other.vault.loseAnswer("POST " + DATA);

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .isEqualTo(
            "POST secret/data/apps/billing at https://vault.example.com:8200: the connection broke: told so");
    assertThat(other.sent(VALUE)).isEqualTo("1");
    assertThat(other.vault.engine().latest(ENTRY)).isEqualTo(1);
  }

  @Test
  void a_lost_request_is_a_failure_and_the_next_try_writes_the_value() throws Exception {
    other.vault.loseRequest("POST " + DATA);

    other.failure(VALUE);
    assertThat(other.vault.engine().latest(ENTRY)).isZero();
    assertThat(other.sent(VALUE)).isEqualTo("1");
  }

  @Test
  void a_lost_reading_back_is_a_failure_and_the_next_try_finds_the_value_written()
      throws Exception {
    other.vault.loseAnswer("GET " + DATA + "?version=");

    other.failure(VALUE);
    assertThat(other.sent(VALUE)).isEqualTo("1");
  }

  @Test
  void nothing_that_somebody_else_writes_meanwhile_is_written_over() throws Exception {
    other.vault.before(
        "POST " + DATA, () -> other.vault.engine().write(ENTRY, Map.of("by", "somebody")));

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .startsWith("POST secret/data/apps/billing at https://vault.example.com:8200: HTTP 400")
        .contains("somebody else writes this entry at the same moment: tried again");
    assertThat(other.sent(VALUE)).isEqualTo("2");
  }

  @Test
  void what_is_not_read_back_is_not_confirmed() throws Exception {
    other.vault.before("GET " + DATA + "?version=", () -> other.vault.engine().delete(ENTRY, 1));

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .startsWith("the entry apps/billing at https://vault.example.com:8200 took version 1");
  }

  @Test
  void a_node_that_lags_behind_the_write_is_asked_again_by_the_next_try() throws Exception {
    other.vault.answer("GET " + DATA + "?version=", 404, "{\"errors\":[]}");

    assertThat(other.failure(VALUE).why().text()).contains("a node may lag");
    assertThat(other.sent(VALUE)).isEqualTo("1");
  }

  @Test
  void nothing_is_written_into_an_engine_of_version_1() throws Exception {
    other.vault.beVersion2(false);

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .contains("kv_mount is \"secret\", which is not the path of a KV engine of version 2");
    assertThat(other.vault.asked()).noneMatch(asked -> asked.startsWith("POST"));
  }

  @Test
  void a_gateway_that_lets_the_engines_paths_through_alone_is_enough() throws Exception {
    other.vault.answer("GET sys/internal/ui/mounts/", 404, "<html>no such page</html>");

    assertThat(other.sent(VALUE)).isEqualTo("1");
  }

  @Test
  void an_engine_that_takes_a_write_as_one_of_version_1_is_told_from_one_of_2() throws Exception {
    other.vault.beVersion2(false);
    other.vault.deny("sys/internal/ui/mounts/secret", "read");

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text()).contains("HTTP 204", "KV engine of version 2");
  }

  @Test
  void what_was_sent_is_seen_as_sent_whatever_its_version() throws Exception {
    other.sent(VALUE);
    assertThat(other.look("1", VALUE)).isEqualTo(new Seen.AsSent());

    other.vault.engine().write(ENTRY, VALUE.members());
    assertThat(other.look("1", VALUE)).isEqualTo(new Seen.AsSent());
  }

  @Test
  void something_else_is_seen_by_its_version_alone() throws Exception {
    other.sent(VALUE);
    other.vault.engine().write(ENTRY, Map.of("client_secret", "s3cret-of-others"));

    assertThat(other.look("1", VALUE))
        .isEqualTo(new Seen.Otherwise("version 2 holds something else"));
  }

  @Test
  void what_is_deleted_destroyed_or_missing_is_seen_so() throws Exception {
    var deleted = new Seen.Otherwise("it was deleted");
    assertThat(other.look("1", VALUE)).isEqualTo(deleted);

    other.sent(VALUE);
    other.vault.engine().delete(ENTRY, 1);
    assertThat(other.look("1", VALUE)).isEqualTo(deleted);
    other.vault.engine().destroy(ENTRY, 1);
    assertThat(other.look("1", VALUE)).isEqualTo(deleted);
  }

  @Test
  void what_cannot_be_read_is_not_seen() throws Exception {
    other.sent(VALUE);
    other.vault.loseAnswer("GET " + DATA);

    assertThat(other.look("1", VALUE)).isInstanceOf(Seen.Failed.class);
  }

  @Test
  void a_404_that_is_not_vaults_own_says_nothing_of_the_entry() throws Exception {
    other.sent(VALUE);
    other.vault.answer("GET " + DATA, 404, "<html>no such page</html>");
    other.vault.answer("GET secret/metadata/", 404, "<html>no such page</html>");

    assertThat(other.look("1", VALUE)).isInstanceOf(Seen.Failed.class);
    assertThat(other.remove("1")).isInstanceOf(Removed.Failed.class);
  }

  @Test
  void looking_changes_nothing() throws Exception {
    other.sent(VALUE);
    other.vault.forgetRequests();

    other.look("1", NEXT);
    assertThat(other.vault.asked()).containsExactly("GET " + DATA);
  }

  @Test
  void the_version_that_was_sent_is_removed() throws Exception {
    other.sent(VALUE);
    var version = other.sent(NEXT);

    assertThat(other.remove(version)).isEqualTo(new Removed.Done());
    assertThat(other.vault.engine().held(ENTRY)).isEmpty();
    assertThat(other.remove(version)).isEqualTo(new Removed.Done());
  }

  @Test
  void a_later_version_by_somebody_else_is_left_alone() throws Exception {
    var version = other.sent(VALUE);
    other.vault.engine().write(ENTRY, Map.of("by", "somebody"));

    assertThat(other.remove(version)).isEqualTo(new Removed.Done());
    assertThat(other.vault.engine().held(ENTRY)).isPresent();
  }

  @Test
  void a_version_that_somebody_writes_during_a_removal_is_left_alone() throws Exception {
    var version = other.sent(VALUE);
    other.vault.before(
        "POST secret/delete/", () -> other.vault.engine().write(ENTRY, Map.of("by", "somebody")));

    assertThat(other.remove(version)).isEqualTo(new Removed.Done());
    assertThat(other.vault.engine().held(ENTRY)).isPresent();
  }

  @Test
  void what_is_gone_needs_no_removal() throws Exception {
    assertThat(other.remove("1")).isEqualTo(new Removed.Done());

    other.sent(VALUE);
    other.vault.engine().destroy(ENTRY, 1);
    other.vault.forgetRequests();
    assertThat(other.remove("1")).isEqualTo(new Removed.Done());
    assertThat(other.vault.asked()).noneMatch(asked -> asked.startsWith("POST"));
  }

  @Test
  void a_removal_whose_answer_is_lost_is_tried_again() throws Exception {
    var version = other.sent(VALUE);
    other.vault.loseAnswer("POST secret/delete/");

    assertThat(other.remove(version)).isInstanceOf(Removed.Failed.class);
    assertThat(other.remove(version)).isEqualTo(new Removed.Done());
    assertThat(other.vault.engine().held(ENTRY)).isEmpty();
  }

  @Test
  void a_removal_reads_no_secret() throws Exception {
    var version = other.sent(VALUE);
    other.vault.forgetRequests();

    other.remove(version);
    assertThat(other.vault.asked())
        .containsExactly("GET secret/metadata/apps/billing", "POST secret/delete/apps/billing");
  }

  @Test
  void another_mount_and_a_namespace_are_asked_by_their_names() throws Exception {
    other.vault.moveTo("team/billing");
    var destination = other.open(other.vault.settings());

    assertThat(destination.send(ENTRY, VALUE, other.soon())).isEqualTo(new Sent.Confirmed("1"));
    assertThat(other.vault.requests())
        .allSatisfy(request ->
            assertThat(request.headers())
                .containsEntry("X-Vault-Namespace", "team/billing")
                .containsEntry("X-Vault-Request", "true"));
  }

  @Test
  void an_entry_that_is_no_path_reaches_nobody() {
    assertThatThrownBy(() -> other.destination.send("../sys/seal", VALUE, other.soon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"../sys/seal\" is no path in a KV engine");
    assertThat(other.vault.requests()).isEmpty();
  }

  @Test
  void nothing_of_it_shows_a_secret() throws Exception {
    other.sent(VALUE);

    assertThat(other.destination).hasToString("VaultKv[https://vault.example.com:8200]");
    assertThat(new KvValue(VALUE).toString()).doesNotContain("s3cret");
    assertThat(other.vault.requests()).asString().doesNotContain("s3cret", "token-", "secret-id");
  }
}
