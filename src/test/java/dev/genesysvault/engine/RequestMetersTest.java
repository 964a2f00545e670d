package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.RecordedMeters;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every request is counted once, by what it was and what came of it. */
final class RequestMetersTest {
  private final RecordedMeters meters = new RecordedMeters();
  private final EngineHarness vault = new EngineHarness(Delays.STANDARD, meters);

  @BeforeEach
  void ready() throws InterruptedException {
    vault.ready();
  }

  private long issues(String result) {
    return meters.counted(Metric.REQUESTS, "genesys/", "creds/name", "read", result);
  }

  @Test
  void an_issue_counts_with_its_time_and_its_role() throws Exception {
    vault.genesys.doAt("create", () -> vault.time.advance(Duration.ofSeconds(2)));

    vault.readAs("r-1", "demo");

    assertThat(issues("ok")).isEqualTo(1);
    assertThat(meters.reported(Metric.REQUEST_DURATION, "creds/name", "read", "ok"))
        .containsExactly(2_000_000_000L);
    assertThat(meters.counted(Metric.ROLE_REQUESTS, "genesys/", "creds/name", "demo", "ok"))
        .isEqualTo(1);
  }

  @Test
  void what_fails_counts_under_why() throws Exception {
    vault.readAs("r-1", "nobody");
    vault.genesys.refuse("create", 400, "bad.request");
    vault.readAs("r-2", "demo");
    vault.genesys.limit("create", Duration.ofMinutes(1));
    vault.readAs("r-3", "demo");
    vault.genesys.loseReply("create", true).beAway("list");
    vault.readAs("r-4", "demo");

    assertThat(issues("refused")).isEqualTo(1);
    assertThat(issues("genesys_failed")).isEqualTo(1);
    assertThat(issues("genesys_limited")).isEqualTo(1);
    assertThat(issues("genesys_unknown")).isEqualTo(1);
    assertThat(issues("ok")).isZero();
  }

  @Test
  void what_storage_fails_and_what_a_bug_does_are_told_apart() throws Exception {
    vault.storage.failWhen(StorageException.Kind.OTHER, "get roles/demo"::equals);
    vault.readAs("r-1", "demo");
    vault.storage.failWhen(StorageException.Kind.READ_ONLY, "put config"::equals);
    vault.configure();
    vault.genesys.doAt(
        "create",
        () -> {
          throw new IllegalStateException("told to");
        });
    vault.storage.failWhen(StorageException.Kind.OTHER, _ -> false);
    vault.readAs("r-2", "demo");

    assertThat(issues("storage_failed")).isEqualTo(1);
    assertThat(meters.counted(Metric.REQUESTS, "genesys/", "config", "update", "read_only"))
        .isEqualTo(1);
    assertThat(issues("bug")).isEqualTo(1);
  }

  @Test
  void what_the_plugin_ended_counts_as_cancelled_and_not_against_storage() throws Exception {
    vault.storage.failWhen(StorageException.Kind.CLOSED, "get roles/demo"::equals);
    vault.readAs("r-1", "demo");

    assertThat(issues("cancelled")).isEqualTo(1);
    assertThat(issues("storage_failed")).isZero();
  }

  @Test
  void a_reply_that_cannot_be_sent_is_no_success() throws Exception {
    vault.fitting = _ -> new Reply.Refusal(500, "the reply is too large");
    vault.readAs("r-1", "demo");

    assertThat(issues("reply_too_large")).isEqualTo(1);
    assertThat(issues("ok")).isZero();
  }

  @Test
  void a_bug_in_a_revoke_counts_as_one() throws Exception {
    vault.write("config", Map.of(), Map.of("revocation", "strict"));
    var issued = Replies.secret(vault.readAs("r-1", "demo"));
    vault.genesys.doAt(
        "replace",
        () -> {
          throw new IllegalStateException("told to");
        });

    vault.onLease(Operation.REVOKE, issued.internalData(), Duration.ZERO);

    assertThat(meters.counted(Metric.REQUESTS, "genesys/", "lease", "revoke", "bug")).isEqualTo(1);
  }

  @Test
  void a_name_that_nobody_has_is_vouched_for_by_nothing() throws Exception {
    vault.readAs("r-1", "nobody");
    vault.readAs("r-2", "demo");
    vault.genesys.refuse("create", 400, "bad.request");
    vault.readAs("r-3", "demo");

    assertThat(
            meters.unprovenCounted(
                Metric.ROLE_REQUESTS, "genesys/", "creds/name", "nobody", "refused"))
        .isEqualTo(1);
    for (var result : List.of("ok", "genesys_failed")) {
      assertThat(
              meters.unprovenCounted(
                  Metric.ROLE_REQUESTS, "genesys/", "creds/name", "demo", result))
          .as(result)
          .isZero();
      assertThat(meters.counted(Metric.ROLE_REQUESTS, "genesys/", "creds/name", "demo", result))
          .as(result)
          .isEqualTo(1);
    }
  }

  @Test
  void leases_and_rollbacks_count_as_such() throws Exception {
    var issued = Replies.secret(vault.readAs("r-1", "demo"));

    vault.onLease(Operation.RENEW, issued.internalData(), Duration.ofHours(1));
    vault.onLease(Operation.REVOKE, issued.internalData(), Duration.ZERO);
    vault.rollBack();

    assertThat(meters.counted(Metric.REQUESTS, "genesys/", "lease", "renew", "ok")).isEqualTo(1);
    assertThat(meters.counted(Metric.REQUESTS, "genesys/", "lease", "revoke", "ok")).isEqualTo(1);
    assertThat(meters.counted(Metric.REQUESTS, "genesys/", "rollback", "rollback", "ok"))
        .isEqualTo(1);
  }

  @Test
  void a_revoke_that_is_tried_again_is_a_retry() throws Exception {
    vault.write("config", Map.of(), Map.of("revocation", "strict"));
    var issued = Replies.secret(vault.readAs("r-1", "demo"));
    vault.genesys.beAway("replace");

    vault.onLease(Operation.REVOKE, issued.internalData(), Duration.ZERO);

    assertThat(meters.counted(Metric.GENESYS_RETRIES, "unavailable")).isEqualTo(1);
  }

  @Test
  void no_label_holds_a_secret_or_the_id_of_a_client() throws Exception {
    var reply = vault.readAs("r-1", "demo");
    vault.readAs("r-2", "nobody");

    var data = Replies.data(reply);
    for (var hidden : List.of("client_id", "client_secret")) {
      assertThat(meters.labels())
          .noneMatch(label -> label.contains(String.valueOf(data.get(hidden))));
    }
    assertThat(meters.labels()).noneMatch(label -> label.contains("0wn-s3cr3t"));
  }
}
