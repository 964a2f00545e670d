package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A present client that a look finds dead is told wherever an operator looks. */
@Timeout(60)
final class ClientErrorTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");

  /** Tasks wait on the real clock, where they wait at all. */
  private final EngineHarness vault =
      new EngineHarness(
          new Delays(
              Duration.ofSeconds(90), Duration.ofMinutes(5), Duration.ZERO, Duration.ofHours(1)));

  private final List<Thread> requests = new ArrayList<>();
  private Thread session = new Thread(() -> {});

  @BeforeEach
  void hand_out() throws Exception {
    vault.ready();
    session = vault.attend();
    eventually(() -> Boolean.TRUE.equals(rotations().get("loaded")));
    Map<String, Object> monthly =
        Map.of(
            "role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000, "verify", false);
    requests.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = vault.write("static-roles/name", CRM, monthly);
              } catch (InterruptedException _) {
                // The test is over.
              }
            }));
    eventually(() -> current().isPresent());
    eventually(() -> "".equals(listed().get("last_error")));
  }

  @AfterEach
  void end() throws InterruptedException {
    for (var request : requests) {
      request.interrupt();
      request.join();
    }
    session.interrupt();
    session.join();
  }

  @Test
  void status_counts_it_as_failing_and_an_event_tells_once() throws Exception {
    assertThat(rotations()).containsEntry("failing", 0L);
    deactivate();

    status();
    status();

    assertThat(rotations()).containsEntry("failing", 1L).containsEntry("known", 1);
    assertThat(String.valueOf(listed().get("client_error"))).contains("is inactive");
    assertThat(told()).hasSize(1);
  }

  @Test
  void whoever_names_it_as_a_template_has_looked_at_it() throws Exception {
    deactivate();

    var _ =
        vault.write(
            "roles/name",
            Map.of("name", "copies"),
            Map.of("template_client_id", current().orElseThrow().value()));

    assertThat(String.valueOf(listed().get("client_error"))).contains("is inactive");
    assertThat(rotations()).containsEntry("failing", 1L);
    assertThat(told()).hasSize(1);
  }

  @Test
  void it_is_well_again_once_a_look_finds_it_so() throws Exception {
    var well = vault.genesys.held().get(current().orElseThrow());
    deactivate();
    status();

    vault.genesys.hold(current().orElseThrow().value(), Objects.requireNonNull(well));
    status();

    assertThat(rotations()).containsEntry("failing", 0L);
    assertThat(listed().get("client_error")).isEqualTo("");
  }

  @Test
  void it_is_forgotten_with_its_role() throws Exception {
    deactivate();
    status();
    requests.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = vault.serve("static-roles/name", Operation.DELETE, CRM, Map.of());
              } catch (InterruptedException _) {
                // The test is over.
              }
            }));

    eventually(() -> Integer.valueOf(0).equals(rotations().get("known")));

    assertThat(rotations()).containsEntry("failing", 0L);
  }

  private void deactivate() throws InterruptedException {
    var id = current().orElseThrow();
    var body = Objects.requireNonNull(vault.genesys.held().get(id));
    vault.genesys.hold(id.value(), body.inactive());
  }

  private void status() throws InterruptedException {
    var _ = vault.read("static-roles/status", CRM);
  }

  private List<?> told() {
    return vault.events.sent().stream()
        .filter(event -> event.type().equals("genesys/static-role-client-error"))
        .toList();
  }

  private Optional<ClientId> current() throws InterruptedException {
    return new MountStorage(vault.storage)
        .staticCredentials()
        .entry("crm")
        .get()
        .flatMap(credential -> Optional.ofNullable(credential.current()))
        .flatMap(generation -> Optional.ofNullable(generation.clientId()));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> listed() throws InterruptedException {
    var info =
        (Map<String, Object>)
            data(vault.serve("static-roles/list", Operation.LIST, Map.of(), Map.of()))
                .get("key_info");
    return (Map<String, Object>) Objects.requireNonNull(Objects.requireNonNull(info).get("crm"));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> rotations() throws InterruptedException {
    return (Map<String, Object>)
        Objects.requireNonNull(data(vault.read("status", Map.of())).get("static_roles"));
  }

  private void eventually(Callable<Boolean> question) throws Exception {
    while (!question.call()) {
      vault.time.advance(Duration.ofSeconds(1));
      Thread.sleep(Duration.ofMillis(1));
    }
  }
}
