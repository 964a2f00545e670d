package dev.genesysvault.destination.vault;

import static dev.genesysvault.destination.vault.OtherVault.ENTRY;
import static dev.genesysvault.destination.vault.OtherVault.NEXT;
import static dev.genesysvault.destination.vault.OtherVault.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.testing.PlainErrand;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.testing.WatchedLocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a destination gets its token, keeps it and gives it up. */
final class KvLogInTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final OtherVault other = new OtherVault();

  @Test
  void one_log_in_serves_many_calls() throws Exception {
    other.sent(VALUE);
    other.sent(NEXT);
    other.look("2", NEXT);

    assertThat(other.vault.logIns()).isEqualTo(1);
  }

  @Test
  void tasks_that_come_at_the_same_time_share_one_log_in() throws Exception {
    var locks = new WatchedLocks();
    var shared = new OtherVault(locks);
    shared.vault.once(
        "POST auth/approle/login",
        act -> {
          locks.awaitWaits(4);
          return act.run();
        });
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var looks = new ArrayList<Future<Seen>>();
      for (int i = 0; i < 5; i++) {
        Callable<Seen> look = () -> shared.look("1", VALUE);
        looks.add(tasks.submit(look));
      }
      for (var look : looks) {
        assertThat(look.get()).isEqualTo(new Seen.Otherwise("it was deleted"));
      }
    }
    assertThat(shared.vault.logIns()).isEqualTo(1);
  }

  @Test
  void a_token_is_renewed_when_less_than_a_third_of_its_lease_is_left() throws Exception {
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(39));
    other.sent(VALUE);
    assertThat(other.vault.renewals()).isZero();

    other.time.advance(Duration.ofMinutes(2));
    other.sent(VALUE);
    assertThat(other.vault.renewals()).isEqualTo(1);
    other.time.advance(Duration.ofMinutes(39));
    other.sent(VALUE);

    assertThat(other.vault.renewals()).isEqualTo(1);
    assertThat(other.vault.logIns()).isEqualTo(1);
  }

  @Test
  void a_token_that_cannot_be_renewed_is_got_anew() throws Exception {
    other.vault.lend(HOUR, HOUR, false);
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(41));
    other.sent(VALUE);

    assertThat(other.vault.renewals()).isZero();
    assertThat(other.vault.logIns()).isEqualTo(2);
  }

  @Test
  void a_token_whose_longest_life_ends_is_got_anew() throws Exception {
    other.vault.lend(HOUR, Duration.ofMinutes(60), true);
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(41));
    other.sent(VALUE);

    assertThat(other.vault.logIns()).isEqualTo(2);
  }

  @Test
  void a_token_whose_lease_is_over_is_got_anew() throws Exception {
    other.sent(VALUE);
    other.time.advance(HOUR.multipliedBy(2));

    assertThat(other.sent(VALUE)).isEqualTo("1");
    assertThat(other.vault.renewals()).isZero();
    assertThat(other.vault.logIns()).isEqualTo(2);
  }

  @Test
  void a_token_is_used_to_its_end_while_it_cannot_be_renewed() throws Exception {
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(41));
    other.vault.answer("POST auth/token/renew-self", 500, "{\"errors\":[\"internal error\"]}");

    assertThat(other.sent(VALUE)).isEqualTo("1");
    assertThat(other.vault.logIns()).isEqualTo(1);
  }

  @Test
  void a_revoked_token_is_replaced_in_the_midst_of_a_call() throws Exception {
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(1));
    other.vault.revokeTokens();

    assertThat(other.sent(NEXT)).isEqualTo("2");
    assertThat(other.vault.logIns()).isEqualTo(2);
  }

  @Test
  void a_missing_permission_costs_no_other_log_in_and_is_said() throws Exception {
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(1));
    other.vault.deny("secret/data/apps/billing", "update");

    var failure = other.failure(NEXT);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .isEqualTo(
            "POST secret/data/apps/billing at https://vault.example.com:8200: HTTP 403: 1 error occurred:  * permission denied;"
                + " the policies of the AppRole must allow secret/data/apps/billing: create, update, read;"
                + " secret/metadata/apps/billing: read; secret/delete/apps/billing: update (for the removal);"
                + " check namespace and kv_mount, too");
    assertThat(other.vault.logIns()).isEqualTo(1);
  }

  @Test
  void many_missing_permissions_do_not_cost_a_log_in_each() throws Exception {
    other.vault.deny("secret/data/apps/billing", "read");
    for (int i = 0; i < 20; i++) {
      other.failure(VALUE);
      other.time.advance(Duration.ofSeconds(1));
    }

    assertThat(other.vault.logIns()).isEqualTo(1);
  }

  @Test
  void a_refused_log_in_fails_the_whole_destination() throws Exception {
    other.vault.takeSecretId("secret-id-2");

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .isEqualTo(
            "POST auth/approle/login at https://vault.example.com:8200: HTTP 400: invalid role or secret ID;"
                + " the AppRole does not take role_id and secret_id: write a new secret_id of it to this destination");
  }

  @Test
  void a_log_in_that_is_mounted_elsewhere_is_said_so() throws Exception {
    var settings = other.vault.settings();
    settings.put("approle_mount", "team/approle");

    var failure = OtherVault.failure(other.open(settings).send(ENTRY, VALUE, other.soon()));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .startsWith("POST auth/team/approle/login at ")
        .contains("HTTP 403", "approle_mount is \"team/approle\": no AppRole is mounted there");
  }

  @Test
  void an_answer_without_a_token_is_no_log_in() throws Exception {
    other.vault.answer(
        "POST auth/approle/login", 200, "{\"auth\":{\"client_token\":\"two words\"}}");

    var failure = other.failure(VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text()).contains("HTTP 200: no token is in it").doesNotContain("two");
  }

  @Test
  void a_token_that_never_ends_is_kept() throws Exception {
    var forever = other.vault.token("token-of-all-times");
    other.vault.answer(
        "POST auth/approle/login",
        200,
        "{\"auth\":{\"client_token\":\"%s\",\"lease_duration\":0}}".formatted(forever));
    other.sent(VALUE);
    other.time.advance(Duration.ofMinutes(59));
    other.sent(VALUE);

    assertThat(other.vault.logIns()).isZero();
  }

  @Test
  void no_log_in_begins_when_no_time_is_left() throws Exception {
    var over = Deadline.in(Duration.ZERO, other.time);

    var failure = OtherVault.failure(other.destination.send(ENTRY, VALUE, PlainErrand.by(over)));
    assertThat(failure.why().text()).contains("no time was left");
    assertThat(other.vault.requests()).isEmpty();
  }

  private Destination byFile(Path folder) {
    return new VaultKvKind(other.vault, other.time, new SoloLocks(other.time), Optional.of(folder))
        .open(Map.of("address", "https://vault.example.com:8200", "token_file", "kv-token"));
  }

  @Test
  void a_token_file_is_read_again_at_each_use(@TempDir Path folder) throws Exception {
    var destination = byFile(folder);
    Files.writeString(folder.resolve("kv-token"), other.vault.token("token-a") + "\n");
    assertThat(destination.send(ENTRY, VALUE, other.soon())).isEqualTo(new Sent.Confirmed("1"));

    other.vault.revokeTokens();
    Files.writeString(folder.resolve("kv-token"), other.vault.token("token-b"));
    assertThat(destination.send(ENTRY, NEXT, other.soon())).isEqualTo(new Sent.Confirmed("2"));
    assertThat(other.vault.logIns()).isZero();
  }

  @Test
  void a_token_file_that_changes_during_a_call_is_tried_once_more(@TempDir Path folder)
      throws Exception {
    var file = Files.writeString(folder.resolve("kv-token"), "token-old");
    other.vault.once(
        "GET secret/data/",
        act -> {
          write(file, other.vault.token("token-new"));
          return act.run();
        });

    assertThat(byFile(folder).send(ENTRY, VALUE, other.soon())).isEqualTo(new Sent.Confirmed("1"));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_token_of_a_file_that_is_not_taken_is_said(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("kv-token"), "token-old");

    var failure = OtherVault.failure(byFile(folder).send(ENTRY, VALUE, other.soon()));
    assertThat(failure.why().text())
        .contains("HTTP 403", "the token in token_file (if it has not ended or been revoked)");
    assertThat(other.vault.asked()).hasSize(1);
  }

  @Test
  void a_token_file_that_cannot_be_used_fails_the_whole_destination(@TempDir Path folder)
      throws Exception {
    var file = folder.resolve("kv-token");
    var cases =
        Map.of("", "it is empty", "two words", "more than one word", "x".repeat(5_000), "4,096");
    assertThat(fileFailure(folder)).contains("it does not exist", file.toString());
    for (var each : cases.entrySet()) {
      Files.writeString(file, each.getKey());
      assertThat(fileFailure(folder)).contains(each.getValue()).doesNotContain("words\"");
    }
  }

  private String fileFailure(Path folder) throws InterruptedException {
    var failure = OtherVault.failure(byFile(folder).send(ENTRY, VALUE, other.soon()));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    return failure.why().text();
  }
}
