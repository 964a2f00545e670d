package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.upstream.ClientUsage.Count;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.TokenOwner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapter, the SDK and HTTP against a Genesys that keeps the published rules. */
final class AgainstTheSimulatorTest {
  private final SystemTime time = new SystemTime();
  private SimulatorServer simulator;
  private Genesys genesys;

  @BeforeEach
  void start() throws IOException {
    simulator = SimulatorServer.start(0, 0);
    genesys = connect(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Genesys connect(String id, String secret) {
    return connect(new Credential(new ClientId(id), Secret.of(secret)));
  }

  private Genesys connect(Credential credential) {
    var locks = new SystemLocks();
    return new GenesysConnector(
            new HttpTransport(time, Network.ofJvm(List.of())),
            time,
            new VirtualThreadTasks(),
            locks,
            new MemoryBudget(64 << 20, time, locks),
            1,
            "test")
        .connect(new Endpoint(simulator.apiUrl(), simulator.loginUrl()), credential);
  }

  @Test
  void the_token_says_whose_it_is_and_when_that_client_is_deleted() throws Exception {
    var directory = genesys.directory();
    assertThat(value(directory.tokenOwner(soon())))
        .isEqualTo(new TokenOwner(new ClientId(Seed.CLIENT_ID), Optional.empty()));

    simulator.genesys().turn(Map.of("own_client_deleted_after_seconds", 100_000));
    assertThat(value(directory.tokenOwner(soon())).end())
        .hasValueSatisfying(end -> assertThat(end).isAfter(time.now()));
  }

  private CallContext soon() {
    return new CallContext(Lane.ISSUE, Deadline.in(Duration.ofSeconds(20), time));
  }

  private void fault(String json) {
    var reply =
        simulator
            .genesys()
            .handle(
                new SimulatedRequest(
                    Origin.API,
                    "POST",
                    "/_simulator/faults",
                    "",
                    Map.of(),
                    json.getBytes(StandardCharsets.UTF_8)));
    assertThat(reply.status()).isEqualTo(200);
  }

  private static ClientBody body(String name) {
    return ClientBody.of(
        new ClientName(name),
        "made by a test",
        Duration.ofMinutes(15),
        Set.of(new RoleDivision(Seed.ROLE_ANALYST, Seed.DIVISION_SALES)),
        Map.of("announcedMember", Map.of("kept", true)));
  }

  @Test
  void lives_a_clients_whole_life() throws Exception {
    var made = value(genesys.clients().create(body("whole-life"), soon())).credential();
    value(connect(made).directory().organization(soon()));

    var found = value(genesys.clients().get(made.id(), soon()));
    assertThat(found.name()).isEqualTo("whole-life");
    assertThat(found.body().members()).containsEntry("announcedMember", Map.of("kept", true));
    value(genesys.clients().replace(made.id(), found.body().inactive(), soon()));
    assertThat(failure(connect(made).directory().organization(soon())))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("invalid_client"));
    value(genesys.clients().delete(made.id(), soon()));

    assertThat(failure(genesys.clients().get(made.id(), soon())))
        .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.notFound()).isTrue());
  }

  @Test
  void learns_who_it_is_and_what_it_may_do() throws Exception {
    assertThat(value(genesys.directory().organization(soon())))
        .isEqualTo(new Organization(Seed.ORGANIZATION_ID, Seed.ORGANIZATION_NAME));
    assertThat(value(genesys.directory().homeDivision(soon()))).isEqualTo(Seed.DIVISION_HOME);

    var grants = value(genesys.directory().ownGrants(soon()));

    assertThat(grants.pairs())
        .containsExactlyInAnyOrder(
            new RoleDivision(Seed.ROLE_ADMIN, "*"),
            new RoleDivision(Seed.ROLE_INTEGRATIONS, "*"),
            new RoleDivision(Seed.ROLE_ANALYST, "*"),
            new RoleDivision(Seed.ROLE_READER, Seed.DIVISION_SALES),
            new RoleDivision(Seed.ROLE_READER, Seed.DIVISION_HOME));
    assertThat(grants.allows("oauth:client:add")).isTrue();
    assertThat(grants.allows("payroll:statement:view")).isFalse();
  }

  @Test
  void a_regenerated_secret_replaces_the_former_one() throws Exception {
    var made = value(genesys.clients().create(body("regenerated"), soon())).credential();

    var fresh = value(genesys.clients().regenerateSecret(made.id(), soon())).credential();

    assertThat(fresh.id()).isEqualTo(made.id());
    value(connect(fresh).directory().organization(soon()));
    assertThat(failure(connect(made).directory().organization(soon()))).isInstanceOf(Refused.class);
  }

  @Test
  void a_create_whose_reply_is_lost_is_unknown_and_found_by_its_name() throws Exception {
    fault("{\"method\":\"POST\",\"path\":\"/api/v2/oauth/clients\",\"reply_lost\":true}");

    assertThat(failure(genesys.clients().create(body("lost"), soon()))).isInstanceOf(Unknown.class);

    assertThat(
            value(genesys.clients().search(found -> found.name().equals("lost"), soon())).found())
        .singleElement()
        .matches(ListedClient::active);
  }

  @Test
  void a_garbled_reply_to_a_create_is_unknown() throws Exception {
    fault("{\"method\":\"POST\",\"path\":\"/api/v2/oauth/clients\",\"garbage\":true}");

    assertThat(failure(genesys.clients().create(body("garbled"), soon())))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void a_deactivation_whose_reply_is_lost_can_be_repeated() throws Exception {
    var made = value(genesys.clients().create(body("repeated"), soon())).credential();
    // The first time, it goes once more by itself.
    fault(
        "{\"method\":\"PUT\",\"path\":\"/api/v2/oauth/clients/{clientId}\",\"reply_lost\":true,\"count\":2}");
    var inactive = body("repeated").inactive();

    assertThat(failure(genesys.clients().replace(made.id(), inactive, soon())))
        .isInstanceOf(Unavailable.class);
    value(genesys.clients().replace(made.id(), inactive, soon()));
    value(genesys.clients().delete(made.id(), soon()));
  }

  @Test
  void an_active_client_is_not_deleted() throws Exception {
    var made = value(genesys.clients().create(body("active"), soon())).credential();

    assertThat(failure(genesys.clients().delete(made.id(), soon())))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("cannot.delete.client"));
  }

  @Test
  void the_calls_of_a_client_are_counted_once_genesys_is_done() throws Exception {
    simulator.genesys().turn(Map.of("usage_running_polls", 1, "usage_interval", "days"));
    var made = value(genesys.clients().create(body("counted"), soon())).credential();
    var other = connect(made).directory();
    value(other.organization(soon()));
    value(other.organization(soon()));

    var now = time.now();
    var query = value(genesys.usage().query(made.id(), now.minusSeconds(60), now, soon()));

    assertThat(value(genesys.usage().count(query, soon()))).isEqualTo(new Count.Running());
    assertThat(value(genesys.usage().count(query, soon()))).isEqualTo(new Count.Complete(2));
    simulator.genesys().turn(Map.of("usage_query_status", "Failed"));
    assertThat(value(genesys.usage().count(query, soon()))).isEqualTo(new Count.Failed());
  }

  @Test
  void the_calls_of_a_client_that_is_gone_cannot_be_counted() throws Exception {
    var gone = new ClientId("gone");
    var now = time.now();

    assertThat(failure(genesys.usage().query(gone, now.minusSeconds(60), now, soon())))
        .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.notFound()).isTrue());
  }

  @Test
  void a_role_that_the_mounts_client_lacks_is_refused_with_genesys_code() throws Exception {
    var body =
        ClientBody.of(
            new ClientName("ceiling"),
            "",
            Duration.ofMinutes(15),
            Set.of(new RoleDivision(Seed.ROLE_PAYROLL, "*")),
            Map.of());

    assertThat(failure(genesys.clients().create(body, soon())))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(403);
              assertThat(refused.code()).isEqualTo("not.authorized");
              assertThat(refused.correlationId()).isNotEqualTo("none");
            });
  }

  @Test
  void sees_the_budget_and_heeds_a_429() throws Exception {
    simulator.genesys().turn(Map.of("rate_limit", 3));
    value(genesys.directory().homeDivision(soon()));
    assertThat(genesys.budget().allowed()).isEqualTo(3);
    assertThat(genesys.budget().used()).isEqualTo(1);
    fault("{\"method\":\"GET\",\"status\":429,\"retry_after\":\"1800\"}");

    assertThat(failure(genesys.directory().homeDivision(soon())))
        .isInstanceOfSatisfying(
            Limited.class,
            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofMinutes(30)));
    assertThat(failure(genesys.clients().search(_ -> true, soon()))).isInstanceOf(Limited.class);
  }

  @Test
  void log_ins_that_come_too_often_are_limited_not_refused() throws Exception {
    simulator.genesys().turn(Map.of("login_limit", 0));

    assertThat(failure(genesys.directory().homeDivision(soon()))).isInstanceOf(Limited.class);
  }
}
