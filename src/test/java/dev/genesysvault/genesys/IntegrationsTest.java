package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
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
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.SimulatorAdmin;
import dev.genesysvault.upstream.Genesys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What integrations log in with, against a Genesys that keeps the published rules. */
final class IntegrationsTest {
  private static final String TEMPLATE = "/api/v2/integrations/credentials/{credentialId}";
  private static final Credential LOGIN =
      new Credential(new ClientId("client-7"), Secret.of("s3cret-7"));

  private final SystemTime time = new SystemTime();
  private SimulatorServer simulator;
  private SimulatorAdmin admin;
  private Genesys genesys;

  @BeforeEach
  void start() throws IOException {
    simulator = SimulatorServer.start(0, 0);
    admin = new SimulatorAdmin(simulator.apiUrl());
    genesys = connect(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Genesys connect(String id, String secret) {
    var locks = new SystemLocks();
    return new GenesysConnector(
            new HttpTransport(time, Network.ofJvm(List.of())),
            time,
            new VirtualThreadTasks(),
            locks,
            new MemoryBudget(64 << 20, time, locks),
            1,
            "test")
        .connect(
            new Endpoint(simulator.apiUrl(), simulator.loginUrl()),
            new Credential(new ClientId(id), Secret.of(secret)));
  }

  private CallContext soon() {
    return new CallContext(Lane.ROTATE, Deadline.in(Duration.ofSeconds(20), time));
  }

  private IntegrationCredential shown() throws InterruptedException {
    return value(genesys.integrations().get(Seed.CREDENTIAL_ID, soon()));
  }

  @Test
  void one_is_read_as_far_as_it_is_shown() throws Exception {
    assertThat(shown()).isEqualTo(new IntegrationCredential("CRM", "pureCloudOAuthClient", "", ""));
    admin.turn(Map.of("integration_credential_shown", "clientId too"));
    assertThat(shown().clientId()).isEqualTo(Seed.EXISTING_CLIENT_ID);
    admin.turn(Map.of("integration_credential_shown", "modifiedDate too"));
    assertThat(Instant.parse(shown().modified())).isBefore(time.now().plusSeconds(1));
  }

  @Test
  void a_write_brings_the_client_and_keeps_the_rest() throws Exception {
    var modified =
        value(genesys.integrations().replace(Seed.CREDENTIAL_ID, shown(), LOGIN, soon()));

    assertThat(admin.integrationCredential(Seed.CREDENTIAL_ID))
        .isEqualTo(Map.of("client_id", "client-7", "client_secret", "s3cret-7"));
    assertThat(shown().name()).isEqualTo("CRM");
    assertThat(value(genesys.integrations().modified(Seed.CREDENTIAL_ID, soon())))
        .contains(modified);
    assertThat(value(genesys.integrations().modified("nobody", soon()))).isEmpty();
  }

  @Test
  void a_lost_answer_may_be_asked_for_again() throws Exception {
    // The first time, it goes once more by itself.
    admin.arm(Map.of("method", "PUT", "path", TEMPLATE, "reply_lost", true, "count", 2));
    var before = shown();

    var failure =
        failure(genesys.integrations().replace(Seed.CREDENTIAL_ID, before, LOGIN, soon()));

    assertThat(failure).isInstanceOf(Unavailable.class);
    assertThat(failure.toString()).doesNotContain("s3cret-7");
    value(genesys.integrations().replace(Seed.CREDENTIAL_ID, before, LOGIN, soon()));
  }

  @Test
  void an_answer_that_shows_nothing_counts_for_nothing() throws Exception {
    var before = shown();
    for (var fault : List.of(Map.of("garbage", true), Map.of("gateway", true, "status", 202))) {
      var armed = new java.util.LinkedHashMap<String, Object>(fault);
      armed.putAll(Map.of("method", "PUT", "path", TEMPLATE));
      admin.arm(armed);
      assertThat(failure(genesys.integrations().replace(Seed.CREDENTIAL_ID, before, LOGIN, soon())))
          .isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void what_is_missing_is_told_apart() throws Exception {
    assertThat(failure(genesys.integrations().get("nobody", soon())))
        .isInstanceOfSatisfying(Refused.class, it -> assertThat(it.notFound()).isTrue());
    var limited = connect(Seed.LIMITED_CLIENT_ID, Seed.LIMITED_CLIENT_SECRET);
    assertThat(failure(limited.integrations().get(Seed.CREDENTIAL_ID, soon())))
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.code()).isEqualTo("missing.any.permissions"));
  }

  @Test
  void a_call_names_no_secret() throws Exception {
    assertThat(ApiCall.replaceCredential(Seed.CREDENTIAL_ID, shown(), LOGIN).toString())
        .isEqualTo("PUT " + TEMPLATE);
  }
}
