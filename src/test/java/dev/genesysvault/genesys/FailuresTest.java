package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.testing.ScriptedTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FailuresTest {
  /** Every status and code that Genesys has published, but 401s on the token and 429. */
  private static final List<String> REFUSALS =
      List.of(
          "400 bad.request",
          "400 invalid.date",
          "400 invalid.value",
          "400 invalid.property",
          "400 constraint.validation",
          "400 invalid.query.param.value",
          "400 response.entity.too.large",
          "400 client.failed.request",
          "400 auth.too.many.clients",
          "400 bad.grant.type",
          "400 grant.type.required",
          "400 missing.client.roles",
          "400 cannot.delete.client",
          "400 max.role.assignments.exceeded",
          "401 ip.not.authorized",
          "403 missing.permissions",
          "403 missing.any.permissions",
          "403 not.authorized",
          "404 not.found",
          "413 request.entity.too.large",
          "415 unsupported.media.type",
          "418 something.new");

  private static final List<String> UNDECIDED =
      List.of(
          "408 client.timeout",
          "409 some.conflict",
          "500 internal.server.error",
          "502 bad.gateway",
          "503 service.unavailable",
          "504 authentication.request.timeout",
          "504 request.timeout",
          "599 something.new");

  private final Connected to = new Connected();

  private static Stream<Arguments> refusals() {
    return Stream.concat(
        crossed(REFUSALS), Stream.of(Arguments.of(Operation.DELETE, 409, "some.conflict")));
  }

  private static Stream<Arguments> undecided() {
    return crossed(UNDECIDED)
        .filter(call -> call.get()[0] != Operation.DELETE || !Objects.equals(call.get()[1], 409));
  }

  private static Stream<Arguments> crossed(List<String> answers) {
    return answers.stream()
        .map(answer -> answer.split(" ", -1))
        .flatMap(answer ->
            Arrays.stream(Operation.values())
                .map(operation -> Arguments.of(operation, Integer.valueOf(answer[0]), answer[1])));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void is_refused_where_genesys_says_no(Operation operation, int status, String code)
      throws Exception {
    to.transport.on(operation.request(), error(status, code, "ININ-Correlation-Id", "cid-header"));

    assertThat(failure(operation.run(to)))
        .isEqualTo(new Refused(operation.template(), status, code, "told to", "cid-header"));
    assertThat(to.transport.asked()).containsExactly("POST /oauth/token", operation.request());
  }

  @ParameterizedTest
  @MethodSource("undecided")
  void is_unknown_for_a_create_and_unavailable_for_the_rest_where_nobody_can_tell(
      Operation operation, int status, String code) throws Exception {
    to.transport.on(operation.request(), error(status, code));

    assertThat(failure(operation.run(to)))
        .isEqualTo(nobodyCanTell(operation, "HTTP %d %s".formatted(status, code), "cid-body"));
  }

  @ParameterizedTest
  @EnumSource
  void is_limited_by_a_429(Operation operation) throws Exception {
    to.transport.on(
        operation.request(), error(429, "too.many.requests.retry.after", "Retry-After", "42"));

    assertThat(failure(operation.run(to)))
        .isEqualTo(new Limited(operation.template(), Duration.ofSeconds(42), "cid-body"));
  }

  @ParameterizedTest
  @EnumSource
  void is_unavailable_where_the_request_never_left(Operation operation) throws Exception {
    to.transport.on(operation.request(), ScriptedTransport.failure(false));

    assertThat(failure(operation.run(to)))
        .isEqualTo(new Unavailable(operation.template(), "told to fail", "none"));
  }

  @ParameterizedTest
  @EnumSource
  void cannot_tell_where_the_reply_was_lost(Operation operation) throws Exception {
    to.transport.on(operation.request(), ScriptedTransport.failure(true));

    assertThat(failure(operation.run(to)))
        .isEqualTo(nobodyCanTell(operation, "told to fail", "none"));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DELETE")
  void cannot_tell_from_a_success_that_makes_no_sense(Operation operation) throws Exception {
    var pages =
        new ArrayList<>(List.of("<html>welcome</html>", "{}", "[]", "null", "{\"id\":\"\"", "7"));
    // A change that was claimed with nothing is looked at.
    if (operation != Operation.REPLACE) {
      pages.add("");
    }
    for (var body : pages) {
      to.transport.on(operation.request(), reply(200, body));

      assertThat(failure(operation.run(to)))
          .as(body)
          .isEqualTo(nobodyCanTell(operation, "HTTP 200 without a readable body", "none"));
    }
  }

  @Test
  void cannot_tell_whether_a_client_is_deleted_from_a_page_of_some_gateway() throws Exception {
    to.transport.on(Operation.DELETE.request(), reply(200, "<html>welcome</html>"));

    assertThat(failure(Operation.DELETE.run(to)))
        .isEqualTo(nobodyCanTell(Operation.DELETE, "HTTP 200 without a readable body", "none"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void follows_no_redirect_and_says_so(int status) throws Exception {
    for (var operation : Operation.values()) {
      to.transport.on(operation.request(), reply(status, "", "Location", "https://else.test/"));

      assertThat(failure(operation.run(to)))
          .isEqualTo(
              nobodyCanTell(
                  operation,
                  "HTTP %d: a redirect, which is not followed; does the URL name a gateway's real"
                          .formatted(status)
                      + " address?",
                  "none"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 410})
  void does_not_take_a_proxys_page_for_genesys(int status) throws Exception {
    for (var operation : Operation.values()) {
      to.transport.on(operation.request(), reply(status, "<html>Not here</html>"));
      to.transport.on(operation.request(), reply(status, "{\"status\":%d}".formatted(status)));

      for (int i = 0; i < 2; i++) {
        assertThat(failure(operation.run(to)))
            .isEqualTo(
                nobodyCanTell(
                    operation,
                    "HTTP %d that is not Genesys' own: a proxy's?".formatted(status),
                    "none"));
      }
    }
  }

  @Test
  void knows_genesys_by_its_correlation_id_alone() throws Exception {
    to.transport.on(Operation.GET.request(), reply(404, "", "inin-correlation-id", "cid-1"));

    assertThat(failure(Operation.GET.run(to)))
        .isEqualTo(new Refused(Operation.GET.template(), 404, "none", "no reason given", "cid-1"));
  }

  @Test
  void takes_gone_for_not_found() throws Exception {
    to.transport.on(Operation.DELETE.request(), error(410, "gone"));

    assertThat(failure(Operation.DELETE.run(to)))
        .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.notFound()).isTrue());
  }

  @Test
  void shows_genesys_text_printable_and_not_endless() throws Exception {
    to.transport.on(
        Operation.GET.request(),
        reply(
            403,
            "{\"code\":\"%s\",\"message\":\"a\\n\\u001b[31m\\u202eb %s\"}"
                .formatted("c".repeat(300), "x".repeat(10_000))));

    var refused = (Refused) failure(Operation.GET.run(to));

    assertThat(refused.message()).startsWith("a  [31m b xxx").hasSize(501);
    assertThat(refused.code()).hasSize(101);
  }

  private static UpstreamFailure nobodyCanTell(
      Operation operation, String cause, String correlationId) {
    return operation == Operation.CREATE
        ? new Unknown(operation.template(), cause, correlationId)
        : new Unavailable(operation.template(), cause, correlationId);
  }
}
