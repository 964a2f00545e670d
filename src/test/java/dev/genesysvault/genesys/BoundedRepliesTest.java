package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upstream.Grants;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Nothing that Genesys sends takes up more than is bounded. */
final class BoundedRepliesTest {
  private static final int LARGE = 15_000_000;

  private final Connected to = new Connected();

  /** A list, and what a client holds, are read while they arrive. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LIST", "OWN_GRANTS"})
  void a_success_of_15_MB_is_an_error(Operation operation) throws Exception {
    to.transport.on(operation.request(), reply(200, Connected.MADE + " ".repeat(LARGE)));
    try (var logs = new CapturedLogs()) {
      var failure = failure(operation.run(to));

      assertThat(failure)
          .isInstanceOf(operation == Operation.CREATE ? Unknown.class : Unavailable.class);
      assertThat(failure.explanation()).contains("HTTP 200", "it has more than 1048576 bytes");
      assertThat(logs.lines(Level.WARN))
          .singleElement()
          .asString()
          .contains("was not taken in", operation.template());
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_an_error_of_15_MB_the_status_is_enough(Operation operation) throws Exception {
    to.transport.on(
        operation.request(),
        reply(403, "{\"code\":\"x\"}" + " ".repeat(LARGE), "ININ-Correlation-Id", "cid-1"));

    assertThat(failure(operation.run(to)))
        .isEqualTo(new Refused(operation.template(), 403, "none", "no reason given", "cid-1"));
  }

  @Test
  void a_log_in_of_15_MB_is_none() throws Exception {
    to.transport.onLogIn(
        reply(200, "{\"access_token\":\"t\",\"expires_in\":60}" + " ".repeat(LARGE)));

    assertThat(failure(Operation.GET.run(to)).explanation())
        .contains("it has more than 1048576 bytes", "/oauth/token");
  }

  @Test
  void a_tree_of_a_million_nodes_is_not_built() throws Exception {
    to.transport.on(
        Operation.GET.request(),
        reply(200, "{\"id\":\"client-1\",\"x\":[" + "0,".repeat(150_000) + "0]}"));
    to.transport.on(
        Operation.GET.request(),
        reply(200, "{\"id\":\"client-1\",\"x\":" + "[".repeat(150) + "]".repeat(150) + "}"));

    assertThat(failure(Operation.GET.run(to)).explanation()).contains("without a readable body");
    assertThat(failure(Operation.GET.run(to)).explanation()).contains("without a readable body");
  }

  @Test
  void a_client_of_ten_thousand_roles_and_divisions_is_read() throws Exception {
    var pairs = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      pairs
          .append(i == 0 ? "" : ",")
          .append(
              "{\"roleId\":\"00000000-0000-0000-0000-%012d\",\"divisionId\":\"*\"}".formatted(i));
    }
    to.transport.on(
        Operation.GET.request(),
        reply(200, "{\"id\":\"client-1\",\"name\":\"n\",\"roleDivisions\":[" + pairs + "]}"));

    assertThat(value(to.genesys.clients().get(Connected.ID, to.soon())).body().roleDivisions())
        .hasSize(10_000);
  }

  @Test
  void what_a_client_holds_is_read_however_often_its_roles_are_repeated() throws Exception {
    var role =
        "{\"id\":\"role-%d\",\"name\":\"n\",\"policies\":["
            + "{\"domain\":\"oauth\",\"entityName\":\"client\",\"actions\":[\"add\",\"view\"],\"resourceConditionNode\":{\"x\":[1]}},"
                .repeat(60)
            + "{\"domain\":\"d\",\"entityName\":\"e\",\"actions\":[\"*\"]}]}";
    var grants = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      grants
          .append(i == 0 ? "" : ",")
          .append("{\"subjectId\":\"own\",\"role\":")
          .append(role.formatted(i % 5))
          .append(",\"division\":{\"id\":\"div-%d\",\"name\":\"x\"}}".formatted(i));
    }
    to.transport.on(
        Operation.OWN_GRANTS.request(), reply(200, "{\"id\":\"own\",\"grants\":[" + grants + "]}"));

    var held = value(to.genesys.directory().ownGrants(to.soon()));

    assertThat(held.pairs()).hasSize(2_000).contains(new RoleDivision("role-4", "div-1999"));
    assertThat(held.policies())
        .containsExactly(
            new Grants.Policy("oauth", "client", Set.of("add", "view")),
            new Grants.Policy("d", "e", Set.of("*")));
  }

  @Test
  void more_than_a_client_can_hold_is_an_error() throws Exception {
    var grants = new StringBuilder();
    for (int i = 0; i < 50_001; i++) {
      grants
          .append(i == 0 ? "" : ",")
          .append("{\"role\":{\"id\":\"r%d\"},\"division\":{\"id\":\"*\"}}".formatted(i));
    }
    to.transport.on(Operation.OWN_GRANTS.request(), reply(200, "{\"grants\":[" + grants + "]}"));

    assertThat(failure(to.genesys.directory().ownGrants(to.soon())).explanation())
        .contains("more than 50000");
  }

  @Test
  void bytes_for_which_there_is_no_memory_beside_others_are_not_taken_in() throws Exception {
    var time = new FakeTime();
    var memory = new MemoryBudget(100_000, time, new SoloLocks(time));
    var other = memory.open();
    var head = new Transport.Head(200, Map.of());
    try (var exchange = new Exchange("GET /x", Duration.ofSeconds(1), memory.open())) {
      exchange.receive(head, new ByteArrayInputStream(new byte[5_000]));
      assertThat(memory.free()).isEqualTo(100_000 - 8 * 8_192);
    }
    assertThat(memory.free()).isEqualTo(100_000);
    assertThat(other.hold(30_000)).isTrue();
    try (var exchange = new Exchange("GET /x", Duration.ofSeconds(1), memory.open())) {
      assertThatThrownBy(() -> exchange.receive(head, new ByteArrayInputStream(new byte[9_000])))
          .hasMessageContaining("there is no memory for it beside the others");
    }
    assertThat(memory.free()).isEqualTo(70_000);
  }

  @Test
  void ids_are_told_apart_as_far_as_there_is_memory() throws Exception {
    var memory = new MemoryBudget(100_000, new FakeTime(), new SystemLocks());
    try (var ids = new IdSet(memory.open())) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(ids.add("id-" + i)).isTrue();
        assertThat(ids.add("id-" + i / 2)).isFalse();
      }
      assertThat(ids.size()).isEqualTo(3_000);
      assertThat(memory.free()).isEqualTo(100_000 - 4_096 * 8);
      assertThatThrownBy(
              () -> {
                for (int i = 3_000; i < 10_000; i++) {
                  ids.add("id-" + i);
                }
              })
          .isInstanceOf(IdSet.FullException.class);
    }
    assertThat(memory.free()).isEqualTo(100_000);
  }
}
