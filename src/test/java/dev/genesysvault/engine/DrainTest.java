package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that a mount hands out is ended on purpose. */
@Timeout(60)
final class DrainTest {
  private static final Map<String, Object> IN_EARNEST = Map.of("dry_run", false);
  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;
  private Map<String, Object> lease = Map.of();

  @BeforeEach
  void hand_out() throws Exception {
    mount.open();
    lease = new LinkedHashMap<>(secret(vault.readAs("r-1", "demo")).internalData());
    mount.writeStaticRole();
    mount.eventually(() -> shown().get("static_clients") instanceof List<?> all && all.size() == 1);
  }

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  @Test
  void changes_nothing_unless_told_so() throws Exception {
    var reply = vault.write("drain", Map.of(), Map.of());

    assertThat(data(reply).get("draining")).isEqualTo(false);
    assertThat(data(reply).get("issued")).isEqualTo(1L);
    assertThat(data(reply).get("static_clients"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .singleElement()
        .asString()
        .contains("crm: client ", "is decommissioned");
    assertThat(((Reply.Content) reply).warnings()).singleElement().asString().contains("dry_run");
    assertThat(vault.storage.keys()).doesNotContain("drain");
    assertThat(vault.genesys.held()).hasSize(2);
  }

  @Test
  void ends_what_is_leased_and_what_static_roles_hand_out() throws Exception {
    vault.write("drain", Map.of(), IN_EARNEST);

    mount.eventually(() -> Boolean.TRUE.equals(shown().get("drained")));

    assertThat(vault.genesys.held()).isEmpty();
    assertThat(vault.storage.keys()).noneMatch(key -> key.startsWith("static-"));
    vault.time.advance(Duration.ofMinutes(7));
    assertThat(vault.onLease(Operation.REVOKE, lease, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());
    assertThat(vault.events.sent()).isNotEmpty();
  }

  @Test
  void makes_no_client_from_then_on_and_says_why() throws Exception {
    vault.write("drain", Map.of(), IN_EARNEST);

    assertThat(refusal(vault.readAs("r-2", "demo"), 400)).contains("drained", "genesys/drain");
    assertThat(refusal(vault.write("rotate-role/name", AttendedMount.CRM, Map.of()), 400))
        .contains("drained");
    assertThat(refusal(vault.write("static-roles/name", AttendedMount.CRM, Map.of()), 400))
        .contains("drained");
    assertThat(refusal(vault.write("static-roles/import", AttendedMount.CRM, Map.of()), 400))
        .contains("drained");
    assertThat(data(vault.read("status", Map.of())).get("draining")).isEqualTo(true);
  }

  @Test
  void whoever_reads_what_it_ended_is_told_so() throws Exception {
    vault.write("drain", Map.of(), IN_EARNEST);
    mount.eventually(() -> Boolean.TRUE.equals(shown().get("drained")));

    assertThat(refusal(vault.read("static-creds/name", AttendedMount.CRM), 400))
        .contains(
            "\"crm\"", "drained since", "approle-payroll", "genesys/drain", "static-roles/crm");
    assertThat(refusal(vault.readAs("r-2", "demo"), 400)).contains("drained since");
    vault.serve("drain", Operation.DELETE, Map.of(), Map.of());
    assertThat(refusal(vault.read("static-creds/name", AttendedMount.CRM), 400))
        .doesNotContain("drain");
  }

  @Test
  void ends_a_static_role_whose_definition_is_lost() throws Exception {
    vault.storage.delete("static-roles/crm");
    assertThat(String.valueOf(shown().get("static_clients"))).contains("is decommissioned");

    vault.write("drain", Map.of(), IN_EARNEST);

    mount.eventually(() -> Boolean.TRUE.equals(shown().get("drained")));
    assertThat(vault.genesys.held()).isEmpty();
  }

  @Test
  void names_what_cannot_be_read_and_ends_the_rest() throws Exception {
    // A step under way would write it anew.
    mount.eventually(mount::atRest);
    vault.storage.put("static-creds/crm", new byte[] {'{'});

    vault.write("drain", Map.of(), IN_EARNEST);

    mount.eventually(() -> vault.genesys.held().size() == 1);
    assertThat(shown().get("drained")).isEqualTo(false);
    assertThat(String.valueOf(shown().get("static_clients")))
        .contains("crm: static-creds/crm cannot be read", "until then the mount is not drained");
  }

  @Test
  void names_a_definition_that_cannot_be_read() throws Exception {
    vault.storage.put("static-roles/crm", new byte[] {'{'});

    assertThat(String.valueOf(data(vault.write("drain", Map.of(), Map.of())).get("static_clients")))
        .contains("crm: static-roles/crm cannot be read", "until then the mount is not drained");
  }

  @Test
  void goes_on_in_the_next_session() throws Exception {
    end();
    vault.write("drain", Map.of(), IN_EARNEST);
    assertThat(vault.genesys.held()).hasSize(2);

    mount.attend();

    mount.eventually(() -> vault.genesys.held().isEmpty());
  }

  @Test
  void ends_a_client_that_was_being_made_when_it_began() throws Exception {
    vault.genesys.doAt(
        "create",
        () -> {
          try {
            var _ = vault.write("drain", Map.of(), IN_EARNEST);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    var _ = vault.readAs("r-2", "demo");

    mount.eventually(() -> vault.genesys.held().isEmpty());
  }

  @Test
  void can_be_called_off() throws Exception {
    vault.genesys.beAway("organization");
    end();
    vault.write("drain", Map.of(), IN_EARNEST);

    assertThat(vault.serve("drain", Operation.DELETE, Map.of(), Map.of()))
        .isEqualTo(new Reply.Nothing());

    mount.attend();
    mount.eventually(() -> Boolean.TRUE.equals(shown().get("loaded")));
    assertThat(shown().get("draining")).isEqualTo(false);
    assertThat(secret(vault.readAs("r-2", "demo"))).isNotNull();
    assertThat(vault.genesys.held())
        .hasSize(3)
        .containsKey(new ClientId(String.valueOf(lease.get("client_id"))));
  }

  @Test
  void lets_live_what_was_not_ended_when_it_was_called_off() throws Exception {
    // The session knows of it, and finds it called off when it looks.
    vault.storage.before("get clients/" + lease.get("key"), () -> vault.storage.delete("drain"));

    vault.write("drain", Map.of(), IN_EARNEST);

    mount.eventually(() -> Boolean.FALSE.equals(shown().get("draining")));
    assertThat(vault.genesys.held())
        .containsKey(new ClientId(String.valueOf(lease.get("client_id"))));
  }

  @Test
  void that_cannot_be_written_down_ends_nothing() throws Exception {
    vault.storage.failWhen(Kind.OTHER, "put drain"::equals);

    assertThat(refusal(vault.write("drain", Map.of(), IN_EARNEST), 500)).contains("storage failed");

    assertThat(vault.genesys.held()).hasSize(2);
    assertThat(secret(vault.readAs("r-2", "demo"))).isNotNull();
  }

  private Map<String, ?> shown() throws InterruptedException {
    return data(vault.read("drain", Map.of()));
  }
}
