package dev.genesysvault.destination.google;

import static com.google.cloud.secretmanager.v1.SecretVersion.State.ENABLED;
import static dev.genesysvault.destination.google.OtherGoogle.ENTRY;
import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure.Extent;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said where Secret Manager does not do what it is asked, and how far that reaches. */
final class GcpFailuresTest {
  private static final String AT =
      " of projects/acme-prod/secrets/genesys-billing at secretmanager.genesys.test (projects/acme-prod): ";

  private final OtherGoogle other = new OtherGoogle();
  private final Destination destination = other.open();

  GcpFailuresTest() throws Exception {}

  @BeforeEach
  void make() {
    other.secrets().make(SECRET);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  @Test
  void a_missing_permission_is_named_with_a_role_that_has_it() throws Exception {
    other.google.deny("secretmanager.versions.add");

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .isEqualTo(
            "AddSecretVersion"
                + AT
                + "PERMISSION_DENIED (IAM_PERMISSION_DENIED): Permission 'secretmanager.versions.add' denied"
                + " for resource 'projects/acme-prod/secrets/genesys-billing' (or it may not exist).;"
                + " the service account genesys-vault@acme-prod.iam.gserviceaccount.com needs secretmanager.versions.add"
                + " (roles/secretmanager.secretVersionManager) on the secret or its project, if there is such a secret"
                + " (request id request-7)");
    assertThat(failure.why().fields().toString()).doesNotContain("request-7");
  }

  @Test
  void a_quota_that_is_used_up_is_waited_for() throws Exception {
    other.google.throttle("AddSecretVersion", 17);

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(17));
    assertThat(failure.why().text())
        .contains("RESOURCE_EXHAUSTED (RATE_LIMIT_EXCEEDED): Quota exceeded.");
    other.google.throttle("AddSecretVersion", 1_000_000);
    assertThat(failure(destination, VALUE).retryAfter()).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, DESTINATION",
    "INTERNAL, DESTINATION",
    "UNKNOWN, DESTINATION",
    "UNIMPLEMENTED, DESTINATION",
    "UNAUTHENTICATED, DESTINATION",
    "DEADLINE_EXCEEDED, DESTINATION",
    "INVALID_ARGUMENT, ENTRY",
    "FAILED_PRECONDITION, ENTRY",
    "ABORTED, ENTRY",
    "PERMISSION_DENIED, ENTRY",
  })
  void a_failure_is_of_the_entry_or_of_all(Status.Code code, Extent extent) throws Exception {
    other.google.refuse(
        "AddSecretVersion", code.toStatus().withDescription("Words of Google.\nMore of them."));

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(extent);
    assertThat(failure.why().text()).contains(code.name()).doesNotContain("More of them");
  }

  @Test
  void what_all_entries_meet_is_one_trouble() throws Exception {
    other.google.refuse("AccessSecretVersion", Status.UNAVAILABLE.withDescription("Away."));
    other.google.refuse("AccessSecretVersion", Status.UNAVAILABLE.withDescription("Away."));

    var one = failure(destination, VALUE);
    var two = failure(destination.send("another", VALUE, OtherGoogle.soon()));
    assertThat(one.why().text()).isNotEqualTo(two.why().text());
    assertThat(one.why().isSameAs(two.why())).isTrue();
  }

  @Test
  void words_that_quote_a_secret_are_left_out() throws Exception {
    other.google.refuse(
        "AddSecretVersion", Status.INVALID_ARGUMENT.withDescription("Bad data: s3cret-one"));

    assertThat(failure(destination, VALUE).why().text())
        .contains("its words quote a secret and are left out");
  }

  @Test
  void a_refused_log_in_fails_the_whole_destination_and_is_made_anew() throws Exception {
    other.google.takeAccount("somebody@else");

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .contains(
            "UNAUTHENTICATED",
            "Google does not take the log-in of the service account genesys-vault@acme-prod.iam.gserviceaccount.com");
    other.google.takeAccount(OtherGoogle.ACCOUNT);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void a_missing_secret_is_said_where_none_is_made() throws Exception {
    other.secrets().delete(SECRET);

    var failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .startsWith("AddSecretVersion" + AT + "NOT_FOUND")
        .contains("make the secret, or set create_secret");
  }

  @Test
  void a_missing_secret_is_made_where_that_is_wanted() throws Exception {
    other.secrets().delete(SECRET);
    var making =
        other.open(
            "create_secret",
            "true",
            "labels",
            "{\"team\":\"billing\"}",
            "replicas",
            "[\"europe-west3\"]");

    assertThat(sent(making, VALUE)).isEqualTo("1");
    var made = other.secrets().secret(SECRET);
    assertThat(made.getLabelsMap()).containsEntry("team", "billing").hasSize(1);
    assertThat(made.getReplication().getUserManaged().getReplicas(0).getLocation())
        .isEqualTo("europe-west3");
    assertThat(sent(making, NEXT)).isEqualTo("2");
  }

  @Test
  void a_secret_is_replicated_automatically_where_nothing_is_said() throws Exception {
    other.secrets().delete(SECRET);

    sent(other.open("create_secret", "true"), VALUE);
    assertThat(other.secrets().secret(SECRET).getReplication().hasAutomatic()).isTrue();
  }

  @Test
  void a_secret_that_somebody_else_makes_meanwhile_is_used() throws Exception {
    other.secrets().delete(SECRET);
    other.google.before("CreateSecret", () -> other.secrets().make(SECRET));

    assertThat(sent(other.open("create_secret", "true"), VALUE)).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"CreateSecret, true", "CreateSecret, false", "AddSecretVersion, true"})
  void a_making_that_is_lost_is_made_good_by_the_next_try(String method, boolean answer)
      throws Exception {
    other.secrets().delete(SECRET);
    var making = other.open("create_secret", "true");
    if (method.equals("AddSecretVersion")) {
      // The first one finds no secret.
      other.google.before("CreateSecret", () -> other.google.loseAnswer(method));
    } else if (answer) {
      other.google.loseAnswer(method);
    } else {
      other.google.loseRequest(method);
    }

    failure(making, VALUE);
    assertThat(sent(making, VALUE)).isEqualTo("1");
    assertThat(other.secrets().states(SECRET)).containsExactly(ENABLED);
  }

  @Test
  void an_answer_that_does_not_come_is_not_waited_for_beyond_the_deadline() throws Exception {
    other.google.hang("AccessSecretVersion");

    var failure =
        failure(destination.send(ENTRY, VALUE, OtherGoogle.within(Duration.ofSeconds(3))));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .endsWith("DEADLINE_EXCEEDED; no answer came in time: tried again");
    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void nothing_is_asked_when_no_time_is_left() throws Exception {
    var failure = failure(destination.send(ENTRY, VALUE, OtherGoogle.within(Duration.ZERO)));

    assertThat(failure.why().text()).endsWith("no time was left to ask");
    assertThat(other.google.calls()).isEmpty();
  }

  @Test
  void whoever_is_interrupted_gives_up_at_once() throws Exception {
    var asked = new CountDownLatch(1);
    other.google.hang("AccessSecretVersion", asked::countDown);
    var asking = new CompletableFuture<Thread>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Object> send =
          () -> {
            asking.complete(Thread.currentThread());
            return destination.send(ENTRY, VALUE, OtherGoogle.soon());
          };
      var sending = tasks.submit(send);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      asking.get(1, TimeUnit.SECONDS).interrupt();
      assertThatThrownBy(() -> sending.get(5, TimeUnit.SECONDS))
          .hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void many_tasks_share_one_connection() throws Exception {
    sent(destination, VALUE);
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var sendings = new ArrayList<Future<String>>();
      for (int i = 0; i < 20; i++) {
        Callable<String> send = () -> sent(destination, VALUE);
        sendings.add(tasks.submit(send));
      }
      for (var each : sendings) {
        assertThat(each.get()).isEqualTo("1");
      }
    }
    assertThat(other.proxy.seen()).hasSize(1);
  }
}
