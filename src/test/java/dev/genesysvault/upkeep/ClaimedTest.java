package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.LeaseRevocation;
import dev.genesysvault.client.LeaseRevocation.Promise;
import dev.genesysvault.client.Orders;
import dev.genesysvault.client.RevokeOutcome;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A 2xx that may be a gateway's own, or only promises, ends no record by itself. */
final class ClaimedTest {
  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;

  @BeforeEach
  void issue() throws InterruptedException {
    session.configured().issue();
    // A 404 means that a client is gone from now on.
    session.time.advance(Duration.ofMinutes(20));
  }

  @ParameterizedTest
  @EnumSource(Promise.class)
  void a_deletion_of_genesys_itself_costs_two_calls(Promise promise) throws Exception {
    assertThat(revoke(promise)).isInstanceOf(RevokeOutcome.Gone.class);

    assertThat(genesys.calls()).containsExactly("replace", "delete");
  }

  @ParameterizedTest
  @EnumSource(Promise.class)
  void a_claim_that_was_true_costs_one_look(Promise promise) throws Exception {
    genesys.claim("replace", true).claim("delete", true);

    assertThat(revoke(promise)).isInstanceOf(RevokeOutcome.Gone.class);

    assertThat(genesys.calls()).containsExactly("replace", "get", "delete", "get");
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @ParameterizedTest
  @ValueSource(strings = {"replace", "delete"})
  void a_claim_that_was_not_true_keeps_the_record_and_the_background_goes_on(String call)
      throws Exception {
    genesys.claim(call, false);

    assertThat(revoke(Promise.DEFERRED)).isInstanceOf(RevokeOutcome.Deferred.class);

    assertThat(genesys.held()).isNotEmpty();
    assertThat(session.record().state()).isEqualTo(State.RETIRING);
    assertThat(session.record().lastError()).contains("2xx that is not Genesys' own");

    session.runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @ParameterizedTest
  @EnumSource(
      value = Promise.class,
      names = {"STRICT", "FINAL"})
  void a_deactivation_that_was_only_claimed_fails_a_revoke_that_leaves_nothing_undone(
      Promise promise) throws Exception {
    genesys.claim("replace", false);

    assertThat(revoke(promise)).isInstanceOf(RevokeOutcome.Failed.class);

    assertThat(genesys.held()).isNotEmpty();
    assertThat(session.storage.keys()).contains(Orders.RECORD);
  }

  @Test
  void a_deletion_that_was_only_claimed_fails_a_strict_revoke() throws Exception {
    genesys.claim("delete", false);

    assertThat(revoke(Promise.STRICT)).isInstanceOf(RevokeOutcome.Failed.class);

    assertThat(session.record().deactivated()).isNotNull();
  }

  @Test
  void the_background_forgets_nothing_that_was_only_claimed() throws Exception {
    session.retiring("other");
    genesys.claim("replace", false).claim("delete", false).claim("delete", false);

    session.runFor(Duration.ofMillis(100));
    assertThat(session.storage.keys()).contains("clients/other");

    session.runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).doesNotContainKey(new ClientId("client-of-other"));
    assertThat(session.storage.keys()).doesNotContain("clients/other");
  }

  @Test
  void one_claim_does_not_hold_up_the_clients_of_others() throws Exception {
    session.retiring("a");
    session.retiring("b");
    for (int i = 0; i < 20; i++) {
      genesys.claim("delete", false);
    }

    session.runFor(Duration.ofSeconds(1));

    // Both were deactivated and met the claim, and nothing paused the mount between them.
    assertThat(genesys.calls().stream().filter("replace"::equals)).hasSize(2);
    assertThat(genesys.calls().stream().filter("delete"::equals).count()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void a_404_after_a_claim_proves_nothing_while_genesys_may_hide_the_client() throws Exception {
    session.storage.delete(Orders.RECORD);
    session.issue();
    genesys.claim("delete", false).refuse("get", 404, "not.found");

    assertThat(revoke(Promise.DEFERRED)).isInstanceOf(RevokeOutcome.Deferred.class);

    session.runFor(Duration.ofMinutes(10));
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  private RevokeOutcome revoke(Promise promise) throws InterruptedException {
    var record = session.record();
    var lease =
        new LeaseData(
            Orders.KEY,
            session.clientId(),
            "org-1",
            record.names(),
            Orders.MARK,
            Duration.ofHours(1),
            true);
    var retry =
        new Retry(
            session.time,
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), session.randomness),
            3);
    var acting = (ClientUpkeep.ActorState.Ready) session.acting();
    return new LeaseRevocation(session.time, Delays.STANDARD, retry)
        .end(
            lease,
            record.created(),
            promise,
            acting.actor(),
            session.records,
            Deadline.in(Duration.ofSeconds(60), session.time));
  }
}
