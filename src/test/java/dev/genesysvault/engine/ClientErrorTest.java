package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A present client that a look finds dead is told wherever an operator looks. */
@Timeout(60)
final class ClientErrorTest {
  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  @BeforeEach
  void hand_out() throws Exception {
    mount.open();
    mount.writeStaticRole();
    mount.eventually(mount::atRest);
    mount.eventually(() -> "".equals(listed().get("last_error")));
  }

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  @Test
  void status_counts_it_as_failing_and_an_event_tells_once() throws Exception {
    assertThat(mount.rotations()).containsEntry("failing", 0L);
    deactivate();

    status();
    status();

    assertThat(mount.rotations()).containsEntry("failing", 1L).containsEntry("known", 1);
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
            Map.of("template_client_id", mount.current().orElseThrow().value()));

    assertThat(String.valueOf(listed().get("client_error"))).contains("is inactive");
    assertThat(mount.rotations()).containsEntry("failing", 1L);
    assertThat(told()).hasSize(1);
  }

  @Test
  void it_is_well_again_once_a_look_finds_it_so() throws Exception {
    var well = vault.genesys.held().get(mount.current().orElseThrow());
    deactivate();
    status();

    vault.genesys.hold(mount.current().orElseThrow().value(), Objects.requireNonNull(well));
    status();

    assertThat(mount.rotations()).containsEntry("failing", 0L);
    assertThat(listed().get("client_error")).isEqualTo("");
  }

  @Test
  void it_is_forgotten_with_its_role() throws Exception {
    deactivate();
    status();
    mount.meanwhile(
        () -> vault.serve("static-roles/name", Operation.DELETE, AttendedMount.CRM, Map.of()));

    mount.eventually(() -> Integer.valueOf(0).equals(mount.rotations().get("known")));

    assertThat(mount.rotations()).containsEntry("failing", 0L);
  }

  private void deactivate() throws InterruptedException {
    var id = mount.current().orElseThrow();
    var body = Objects.requireNonNull(vault.genesys.held().get(id));
    vault.genesys.hold(id.value(), body.inactive());
  }

  private void status() throws InterruptedException {
    var _ = vault.read("static-roles/status", AttendedMount.CRM);
  }

  private List<?> told() {
    return vault.events.sent().stream()
        .filter(event -> event.type().equals("genesys/static-role-client-error"))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> listed() throws InterruptedException {
    var info =
        (Map<String, Object>)
            data(vault.serve("static-roles/list", Operation.LIST, Map.of(), Map.of()))
                .get("key_info");
    return (Map<String, Object>) Objects.requireNonNull(Objects.requireNonNull(info).get("crm"));
  }
}
