package dev.genesysvault.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.lifecycle.FoundClient;
import dev.genesysvault.lifecycle.Genesys;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformTest {
  private static final ClientId CLIENT = new ClientId("c-1");
  private static final ClientBody BODY =
      ClientBody.of(
          new ClientName("name"),
          "",
          Duration.ofHours(1),
          Set.of(new RoleDivision("role-1", "*")),
          Map.of("announced", Map.of("nested", 1)));
  private static final String CREATED = "{\"id\":\"c-1\",\"name\":\"name\",\"secret\":\"hush\"}";

  private final FakeTime time = new FakeTime();
  private final ScriptedTransport network = new ScriptedTransport();
  private final Genesys genesys =
      new GenesysConnector(network, time, new SystemLocks(), 1.0, "v1")
          .connect(
              new Endpoint(
                  URI.create("https://gw.example/genesys/api"),
                  URI.create("https://gw.example/genesys/login")),
              new Credential(new ClientId("own"), Secret.of("own secret")));

  @Test
  void makes_a_client_and_hands_its_secret_over_once() throws Exception {
    network.reply(200, Map.of(), CREATED);

    var created = genesys.clients().create(BODY, context());

    assertThat(created).isInstanceOf(Ok.class);
    assertThat(created.toString()).doesNotContain("hush");
    var request = network.apiRequests().getFirst();
    assertThat(request.uri())
        .isEqualTo(URI.create("https://gw.example/genesys/api/api/v2/oauth/clients"));
    assertThat(request.headers()).containsEntry("Authorization", "Bearer token-1");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .contains("\"announced\":{\"nested\":1}", "\"authorizedGrantType\":\"CLIENT-CREDENTIALS\"");
    assertThat(request.toString()).doesNotContain("token-1");
  }

  @Test
  void logs_in_once_for_many_calls_with_id_and_secret_in_the_header() throws Exception {
    network.reply(200, Map.of(), CREATED).reply(200, Map.of(), CREATED);

    genesys.clients().create(BODY, context());
    genesys.clients().create(BODY, context());

    assertThat(network.logIns()).hasSize(1);
    var logIn = network.logIns().getFirst();
    assertThat(logIn.uri()).isEqualTo(URI.create("https://gw.example/genesys/login/oauth/token"));
    assertThat(logIn.headers().get("Authorization")).startsWith("Basic ");
    assertThat(new String(logIn.body(), StandardCharsets.UTF_8))
        .isEqualTo("grant_type=client_credentials");
  }

  @Test
  void logs_in_again_a_minute_before_the_token_ends() throws Exception {
    for (int i = 0; i < 3; i++) {
      network.reply(200, Map.of(), CREATED);
    }
    genesys.clients().create(BODY, context());
    time.advance(Duration.ofDays(1).minusSeconds(61));
    genesys.clients().create(BODY, context());
    assertThat(network.logIns()).hasSize(1);

    time.advance(Duration.ofSeconds(2));
    genesys.clients().create(BODY, context());

    assertThat(network.logIns()).hasSize(2);
  }

  @Test
  void takes_a_new_token_once_when_genesys_calls_the_old_one_invalid() throws Exception {
    network.genesysError(401, "bad.credentials").reply(200, Map.of(), CREATED);

    assertThat(genesys.clients().create(BODY, context())).isInstanceOf(Ok.class);

    assertThat(network.logIns()).hasSize(2);
    assertThat(network.apiRequests().getLast().headers())
        .containsEntry("Authorization", "Bearer token-2");
  }

  @Test
  void does_not_ask_a_third_time_with_a_second_invalid_token() throws Exception {
    network.genesysError(401, "bad.credentials").genesysError(401, "bad.credentials");

    assertThat(failure(genesys.clients().create(BODY, context()))).isEqualTo("Refused");
    assertThat(network.apiRequests()).hasSize(2);
  }

  @Test
  void does_not_log_in_again_when_the_address_is_not_allowed() throws Exception {
    network.genesysError(401, "ip.not.authorized");

    assertThat(failure(genesys.clients().create(BODY, context()))).isEqualTo("Refused");
    assertThat(network.logIns()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, bad.request,                  Refused,     Refused",
    "400, missing.client.roles,         Refused,     Refused",
    "400, auth.too.many.clients,        Refused,     Refused",
    "401, ip.not.authorized,            Refused,     Refused",
    "403, not.authorized,               Refused,     Refused",
    "403, missing.any.permissions,      Refused,     Refused",
    "404, not.found,                    Refused,     Refused",
    "408, client.timeout,               Unknown,     Unavailable",
    "409, conflict,                     Unknown,     Unavailable",
    "413, request.entity.too.large,     Refused,     Refused",
    "415, unsupported.media.type,       Refused,     Refused",
    "429, too.many.requests.retry.after,Limited,     Limited",
    "500, internal.server.error,        Unknown,     Unavailable",
    "502, bad.gateway,                  Unknown,     Unavailable",
    "503, service.unavailable,          Unknown,     Unavailable",
    "504, request.timeout,              Unknown,     Unavailable",
    "302, found,                        Unknown,     Unavailable",
  })
  void puts_every_status_into_one_of_four(
      int status, String code, String ofCreate, String ofReplace) throws Exception {
    network.genesysError(status, code);
    assertThat(failure(genesys.clients().create(BODY, context()))).isEqualTo(ofCreate);

    time.advance(Duration.ofDays(2));
    network.genesysError(status, code);
    assertThat(failure(genesys.clients().replace(CLIENT, BODY, context()))).isEqualTo(ofReplace);
  }

  @ParameterizedTest
  @CsvSource({"true, Unknown, Unavailable", "false, Unavailable, Unavailable"})
  void tells_a_request_that_never_left_from_one_that_may_have_arrived(
      boolean mayHaveArrived, String ofCreate, String ofDelete) throws Exception {
    network.breakConnection(mayHaveArrived).breakConnection(mayHaveArrived);

    assertThat(failure(genesys.clients().create(BODY, context()))).isEqualTo(ofCreate);
    assertThat(failure(genesys.clients().delete(CLIENT, context()))).isEqualTo(ofDelete);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"<html>ok</html>", "''", "{}", "{\"id\":\"c-1\"}"},
      delimiter = '|')
  void takes_a_created_client_without_id_or_secret_for_unknown(String body) throws Exception {
    network.reply(200, Map.of(), body);

    assertThat(failure(genesys.clients().create(BODY, context()))).isEqualTo("Unknown");
  }

  @Test
  void does_not_take_a_proxys_404_for_genesys_own() throws Exception {
    network.reply(404, Map.of(), "<html>no route</html>");

    assertThat(failure(genesys.clients().delete(CLIENT, context()))).isEqualTo("Unavailable");
  }

  @Test
  void takes_any_2xx_for_a_delete() throws Exception {
    network.reply(204, Map.of(), "").reply(200, Map.of(), "");

    assertThat(genesys.clients().delete(CLIENT, context())).isInstanceOf(Ok.class);
    assertThat(genesys.clients().delete(CLIENT, context())).isInstanceOf(Ok.class);
  }

  @ParameterizedTest
  @CsvSource({
    "7, PT7S",
    "7200, PT2H",
    "0, PT0S",
    "-5, PT1M",
    "soon, PT1M",
    "99999999999, PT24H",
    "'Thu, 01 Jan 2026 00:00:30 GMT', PT30S"
  })
  void understands_every_form_of_retry_after(String header, Duration expected) throws Exception {
    network.reply(429, Map.of("Retry-After", header), "{\"code\":\"too.many.requests\"}");

    var outcome = genesys.clients().delete(CLIENT, context());

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(((Limited) failed.failure()).retryAfter()).isEqualTo(expected));
  }

  @Test
  void lets_no_further_request_leave_before_retry_after_is_over() throws Exception {
    network.reply(429, Map.of("Retry-After", "3600"), "{\"code\":\"too.many.requests\"}");
    genesys.clients().delete(CLIENT, context());

    assertThat(failure(genesys.clients().delete(CLIENT, context()))).isEqualTo("Limited");

    assertThat(network.apiRequests()).hasSize(1);
  }

  @Test
  void pauses_log_ins_when_their_limit_answers_with_a_400() throws Exception {
    network.logIn(
        400,
        Map.of(),
        "{\"error\":\"invalid_request\",\"description\":\"rate limit exceeded; wait\"}");

    assertThat(failure(genesys.clients().delete(CLIENT, context()))).isEqualTo("Limited");
    assertThat(failure(genesys.clients().delete(CLIENT, context()))).isEqualTo("Limited");

    assertThat(network.logIns()).hasSize(1);
  }

  @Test
  void says_that_the_mounts_own_client_does_not_log_in() throws Exception {
    network.logIn(
        400, Map.of(), "{\"error\":\"invalid_client\",\"description\":\"authentication failed\"}");

    assertThat(genesys.clients().delete(CLIENT, context()))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              var refused = (Refused) failed.failure();
              assertThat(refused.code()).isEqualTo("invalid_client");
              assertThat(refused.message()).contains("own client", "authentication failed");
            });
  }

  @Test
  void keeps_members_that_nobody_here_knows_from_get_to_put() throws Exception {
    network
        .reply(
            200,
            Map.of(),
            "{\"id\":\"c-1\",\"name\":\"n\",\"secret\":\"x\",\"big\":9007199254740993,\"new\":{\"a\":[null,1.5]}}")
        .reply(200, Map.of(), "{}");

    var found = genesys.clients().get(CLIENT, context());
    assertThat(found).isInstanceOf(Ok.class);
    if (found instanceof Ok<FoundClient>(var client)) {
      genesys.clients().replace(CLIENT, client.body().inactive(), context());
    }

    assertThat(new String(network.apiRequests().getLast().body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"name\":\"n\",\"big\":9007199254740993,\"new\":{\"a\":[null,1.5]},\"state\":\"inactive\"}");
  }

  @Test
  void gives_the_exchange_no_longer_than_the_deadline() throws Exception {
    network.reply(204, Map.of(), "");

    genesys
        .clients()
        .delete(CLIENT, new CallContext(Lane.DELETE, Deadline.in(Duration.ofSeconds(4), time)));

    assertThat(network.apiRequests().getFirst().timeout()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void lists_each_client_once_whatever_the_page_count() throws Exception {
    network.reply(
        200,
        Map.of(),
        "{\"pageCount\":2,\"entities\":[{\"id\":\"a\",\"name\":\"1\"},{\"id\":\"a\",\"name\":\"1\"},{\"id\":\"b\"}]}");

    assertThat(genesys.clients().list(context()).map(all -> all.size())).isEqualTo(Outcome.ok(2));
  }

  private CallContext context() {
    return new CallContext(Lane.ISSUE, Deadline.in(Duration.ofSeconds(20), time));
  }

  private static String failure(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    return outcome instanceof Failed<?>(var failure) ? failure.getClass().getSimpleName() : "";
  }
}
