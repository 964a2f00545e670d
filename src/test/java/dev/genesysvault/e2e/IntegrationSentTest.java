package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.simulator.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An integration of the mount's own organisation logs in while its client is rotated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntegrationSentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EDITOR = Seed.ROLE_INTEGRATIONS + ":*";
  private static final List<String> OTHERS =
      List.of(
          Seed.ROLE_ADMIN + ":*",
          Seed.ROLE_ANALYST + ":*",
          Seed.ROLE_READER + ":" + Seed.DIVISION_SALES);

  private final Stack stack;
  private final SteadyRoles roles;

  IntegrationSentTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    stack.http.must("genesys/destinations/crm", Map.of("kind", "integration_credential"));
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private JsonNode check() throws Exception {
    return stack
        .http
        .must("genesys/destinations/crm/check", Map.of("name", Seed.CREDENTIAL_ID))
        .path("data");
  }

  private JsonNode sent(String role) throws Exception {
    return roles.status(role).path("destinations").path(0);
  }

  private Map<String, String> held() throws Exception {
    return stack.genesys.integrationCredential(Seed.CREDENTIAL_ID);
  }

  /** Logs in as the integration does, over and over; gives how often, once it is over. */
  private CompletableFuture<Integer> integrate(AtomicBoolean over) {
    return CompletableFuture.supplyAsync(() -> {
      int times = 0;
      try {
        while (!over.get()) {
          assertThat(stack.logsIn(held())).isTrue();
          times++;
          Thread.sleep(50);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return times;
    });
  }

  @Test
  void it_logs_in_at_each_moment_and_a_missing_permission_is_named() throws Exception {
    assertThat(check().path("ok").asBoolean()).isTrue();
    var role =
        roles.written(
            "rotation_period",
            "1h",
            "grace_period",
            "5s",
            "destinations",
            List.of(Map.of("destination", "crm", "name", Seed.CREDENTIAL_ID)));
    Eventually.is("it is sent", PATIENCE, () -> held().equals(roles.credential(role)));
    var over = new AtomicBoolean();
    var integration = integrate(over);

    for (int rotation = 0; rotation < 2; rotation++) {
      var former = held();
      assertThat(roles.rotate(role, "force").path("rotated").asBoolean()).isTrue();
      assertThat(held()).isEqualTo(roles.credential(role)).isNotEqualTo(former);
      roles.awaitGone(former.getOrDefault("client_id", ""));
    }
    assertThat(sent(role).path("state").asText()).isEqualTo("confirmed");
    assertThat(sent(role).path("detail").asText()).startsWith("not readable");

    stack.genesys.grant(Seed.CLIENT_ID, OTHERS);
    assertThat(check().path("ok").asBoolean()).isFalse();
    assertThat(check().toString())
        .contains("integrations:integration:view, integrations:integration:edit");
    var present = held();
    var _ = stack.http.put("genesys/rotate-role/" + role, Map.of("force", true));
    Eventually.is(
        "the status names it",
        PATIENCE,
        () -> sent(role).path("last_error").asText().contains("integrations:integration:view"));
    assertThat(held()).isEqualTo(present).isEqualTo(roles.credential(role));

    stack.genesys.grant(
        Seed.CLIENT_ID, List.of(EDITOR, OTHERS.get(0), OTHERS.get(1), OTHERS.get(2)));
    Eventually.is("it is rotated", PATIENCE, () -> !roles.credential(role).equals(present));
    assertThat(held()).isEqualTo(roles.credential(role));
    over.set(true);
    assertThat(integration.join()).isGreaterThan(10);
  }
}
