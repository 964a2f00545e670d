package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static dev.genesysvault.testing.ScriptedTransport.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.network.Transport;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.testing.WatchedLocks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AccessTokensTest {
  private static final String ORGANIZATION = "GET /api/v2/organizations/me";
  private static final ScriptedTransport.Answer FOUND =
      reply(200, "{\"id\":\"org-1\",\"name\":\"Acme\"}");

  private final Connected to = new Connected();

  private Outcome<?> call() throws InterruptedException {
    to.transport.on(ORGANIZATION, FOUND);
    return to.genesys.directory().organization(to.soon());
  }

  private String bearer() {
    return String.valueOf(to.transport.last().headers().get("Authorization"));
  }

  @Test
  void logs_in_with_basic_and_a_form_and_nothing_before_the_first_call() throws Exception {
    assertThat(to.transport.requests()).isEmpty();

    call();

    var logIn = to.transport.requests().getFirst();
    assertThat(logIn.uri()).hasToString("https://login.example.test/oauth/token");
    assertThat(logIn.headers())
        .containsEntry("Content-Type", "application/x-www-form-urlencoded")
        .containsEntry("User-Agent", "vault-genesys-sidecar/1.2.3")
        .containsEntry(
            "Authorization",
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        ("own-client:" + Connected.OWN_SECRET).getBytes(StandardCharsets.UTF_8)));
    assertThat(new String(logIn.body(), StandardCharsets.UTF_8))
        .isEqualTo("grant_type=client_credentials");
    assertThat(bearer()).isEqualTo("Bearer token-1");
  }

  @Test
  void keeps_a_token_until_a_minute_before_its_end() throws Exception {
    call();
    to.time.advance(Duration.ofSeconds(86_339));
    call();
    assertThat(bearer()).isEqualTo("Bearer token-1");

    to.time.advance(Duration.ofSeconds(1));
    call();

    assertThat(bearer()).isEqualTo("Bearer token-2");
    assertThat(to.transport.logIns()).isEqualTo(2);
  }

  @Test
  void refreshes_a_short_lived_token_after_nine_tenths() throws Exception {
    to.transport.onLogIn(token("short", 100));
    call();
    to.time.advance(Duration.ofSeconds(89));
    call();
    assertThat(bearer()).isEqualTo("Bearer short");

    to.time.advance(Duration.ofSeconds(1));
    call();

    assertThat(bearer()).isEqualTo("Bearer token-1");
  }

  @Test
  void goes_on_with_the_present_token_while_a_refresh_fails_and_tries_rarely() throws Exception {
    to.transport
        .onLogIn(token("old", 600))
        .onLogIn(ScriptedTransport.failure(true))
        .onLogIn(reply(503, ""));
    call();
    to.time.advance(Duration.ofMinutes(9));

    for (int second = 0; second < 12; second++) {
      value(call());
      assertThat(bearer()).isEqualTo("Bearer old");
      to.time.advance(Duration.ofSeconds(1));
    }
    assertThat(to.transport.logIns()).isEqualTo(3);

    to.time.advance(Duration.ofSeconds(48));
    value(call());
    assertThat(bearer()).isEqualTo("Bearer token-1");
  }

  @Test
  void does_not_spend_a_calls_time_on_a_refresh() throws Exception {
    call();
    to.time.advance(Duration.ofSeconds(86_350));
    to.transport.onLogIn(request -> {
      assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(2));
      to.time.advance(request.timeout());
      throw new Transport.FailedException("too slow", true);
    });
    to.transport.on(ORGANIZATION, FOUND);

    value(to.genesys.directory().organization(to.within(Duration.ofSeconds(4))));

    assertThat(to.transport.last().timeout()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void lets_others_go_on_while_one_refreshes() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    call();
    to.time.advance(Duration.ofSeconds(86_350));
    to.transport.onLogIn(request -> {
      asked.countDown();
      answer.await();
      return token("new", 600).to(request);
    });
    to.transport.on(ORGANIZATION, FOUND);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var refreshing = executor.submit(() -> value(to.genesys.directory().organization(to.soon())));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      value(call());
      assertThat(bearer()).isEqualTo("Bearer token-1");

      answer.countDown();
      refreshing.get(30, TimeUnit.SECONDS);
      assertThat(bearer()).isEqualTo("Bearer new");
    }
  }

  @Test
  void logs_in_once_for_many_who_wait() throws Exception {
    var locks = new WatchedLocks();
    var crowd = new Connected(locks);
    crowd.transport.onLogIn(request -> {
      locks.awaitWaits(15);
      return token("shared", 600).to(request);
    });
    for (int i = 0; i < 16; i++) {
      crowd.transport.on(ORGANIZATION, FOUND);
    }

    for (var outcome : together(16, () -> crowd.genesys.directory().organization(crowd.soon()))) {
      value(outcome);
    }

    assertThat(crowd.transport.logIns()).isEqualTo(1);
  }

  @Test
  void a_waiter_with_time_left_tries_again_where_the_first_ran_out_of_it() throws Exception {
    var locks = new WatchedLocks();
    var crowd = new Connected(locks);
    var asked = new CountDownLatch(1);
    crowd.transport.onLogIn(request -> {
      asked.countDown();
      locks.awaitWaits(1);
      crowd.time.advance(request.timeout());
      throw new Transport.FailedException("no reply in time", true);
    });
    crowd.transport.on(ORGANIZATION, FOUND);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var hasty =
          executor.submit(
              () -> crowd.genesys.directory().organization(crowd.within(Duration.ofSeconds(1))));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      var patient = executor.submit(() -> crowd.genesys.directory().organization(crowd.soon()));

      assertThat(failure(hasty.get(30, TimeUnit.SECONDS))).isInstanceOf(Unavailable.class);
      value(patient.get(30, TimeUnit.SECONDS));
    }
    assertThat(crowd.transport.logIns()).isEqualTo(2);
  }

  @Test
  void an_interrupted_log_in_leaves_it_to_the_next_who_waits() throws Exception {
    to.transport.onLogIn(_ -> {
      throw new InterruptedException();
    });

    assertThatThrownBy(this::call).isInstanceOf(InterruptedException.class);
    value(call());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad.credentials", "authentication.required"})
  void fetches_a_fresh_token_once_after_a_401_even_for_a_create(String code) throws Exception {
    to.transport
        .on(Operation.CREATE.request(), error(401, code))
        .on(Operation.CREATE.request(), reply(200, Connected.MADE));

    value(to.genesys.clients().create(Connected.body(), to.soon()));

    assertThat(bearer()).isEqualTo("Bearer token-2");
    assertThat(to.transport.asked())
        .containsExactly(
            "POST /oauth/token",
            Operation.CREATE.request(),
            "POST /oauth/token",
            Operation.CREATE.request());
  }

  @Test
  void is_refused_after_a_second_401() throws Exception {
    to.transport
        .on(ORGANIZATION, error(401, "bad.credentials"))
        .on(ORGANIZATION, error(401, "bad.credentials"));

    var outcome = to.genesys.directory().organization(to.soon());

    assertThat(failure(outcome))
        .isEqualTo(new Refused(ORGANIZATION, 401, "bad.credentials", "told to", "cid-body"));
    assertThat(to.transport.logIns()).isEqualTo(2);
  }

  @Test
  void fetches_one_token_for_all_who_met_the_401() throws Exception {
    var locks = new WatchedLocks();
    var crowd = new Connected(locks);
    var all = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      crowd.transport.on(
          ORGANIZATION,
          request -> {
            all.countDown();
            all.await();
            return error(401, "bad.credentials").to(request);
          });
    }
    for (int i = 0; i < 8; i++) {
      crowd.transport.on(ORGANIZATION, FOUND);
    }

    for (var outcome : together(8, () -> crowd.genesys.directory().organization(crowd.soon()))) {
      value(outcome);
    }

    assertThat(crowd.transport.logIns()).isEqualTo(2);
  }

  @Test
  void says_whose_log_in_was_refused() throws Exception {
    to.transport.onLogIn(
        reply(
            400,
            "{\"error\":\"invalid_client\",\"description\":\"authentication failed\","
                + "\"error_description\":\"authentication failed\"}"));

    assertThat(failure(call()))
        .isEqualTo(
            new Refused(
                "POST /oauth/token",
                400,
                "invalid_client",
                "the log-in of client own-client failed: authentication failed",
                "none",
                true));
    assertThat(to.transport.asked()).containsExactly("POST /oauth/token");
  }

  @Test
  void pauses_log_ins_after_the_400_that_limits_them() throws Exception {
    to.transport.onLogIn(
        reply(
            400, "{\"error\":\"invalid_request\",\"description\":\"rate limit exceeded; wait\"}"));

    assertThat(failure(call()))
        .isEqualTo(new Limited("POST /oauth/token", Duration.ofMinutes(1), "none"));
    to.time.advance(Duration.ofSeconds(59));
    assertThat(failure(call()))
        .isEqualTo(new Limited("POST /oauth/token", Duration.ofSeconds(1), "none"));
    assertThat(to.transport.logIns()).isEqualTo(1);

    to.time.advance(Duration.ofSeconds(1));
    value(call());
  }

  @Test
  void honours_a_429_of_the_log_in() throws Exception {
    to.transport.onLogIn(reply(429, "", "Retry-After", "7200"));

    assertThat(failure(call()))
        .isEqualTo(new Limited("POST /oauth/token", Duration.ofHours(2), "none"));
    to.time.advance(Duration.ofMinutes(119));
    assertThat(failure(call())).isInstanceOf(Limited.class);
    assertThat(to.transport.logIns()).isEqualTo(1);
  }

  @Test
  void a_log_in_without_a_useful_reply_is_unavailable_even_for_a_create() throws Exception {
    var replies =
        List.of(
            ScriptedTransport.failure(true),
            ScriptedTransport.failure(false),
            reply(500, ""),
            reply(302, ""),
            reply(408, "{\"error\":\"timeout\"}"),
            reply(403, "<html>Blocked</html>"),
            reply(200, "<html>Welcome</html>"),
            reply(200, "{\"access_token\":\"t\"}"),
            reply(200, "{\"access_token\":\"two words\",\"expires_in\":600}"),
            reply(200, "{\"access_token\":\"\",\"expires_in\":600}"));
    for (var reply : replies) {
      to.transport.onLogIn(reply);

      var outcome = to.genesys.clients().create(Connected.body(), to.soon());

      assertThat(failure(outcome)).isInstanceOf(Unavailable.class);
      assertThat(failure(outcome).toString()).doesNotContain("two words");
    }
    assertThat(to.transport.asked()).containsOnly("POST /oauth/token").hasSize(replies.size());
  }

  @Test
  void log_ins_take_nothing_out_of_the_budget() throws Exception {
    call();

    assertThat(to.genesys.budget().used()).isEqualTo(1);
  }

  private static <T> List<T> together(int count, Callable<T> work) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<T>>();
      for (int i = 0; i < count; i++) {
        futures.add(executor.submit(work));
      }
      var results = new ArrayList<T>();
      for (var future : futures) {
        results.add(future.get(30, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
