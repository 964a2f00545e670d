package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.upstream.ClientNaming;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mount's background session with both of its works, and what status and inventory show of it.
 */
@Timeout(60)
final class BackgroundSessionTest {
  private static final ClientKey KEY = new ClientKey("a");
  private static final Map<String, String> CAPTURED = Map.of("key", "a");
  private static final Map<String, String> CRM = Map.of("name", "crm");

  private final EngineHarness vault = new EngineHarness();
  private Thread session = new Thread(() -> {});

  @BeforeEach
  void configure() throws InterruptedException {
    vault.ready();
  }

  @AfterEach
  void end() throws InterruptedException {
    session.interrupt();
    session.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list clients/", "list static-creds/"})
  void begins_anew_with_both_works_where_one_of_them_met_a_bug(String operation) throws Exception {
    vault.storage.before(
        operation,
        () -> {
          throw new IllegalStateException("told to");
        });

    open();

    assertThat(vault.storage.operations().stream().filter("list clients/"::equals).count())
        .isGreaterThanOrEqualTo(operation.equals("list clients/") ? 2 : 1);
    assertThat(vault.storage.operations().stream().filter("list static-creds/"::equals).count())
        .isGreaterThanOrEqualTo(operation.equals("list static-creds/") ? 2 : 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"list clients/", "list static-creds/"})
  void begins_anew_after_an_error_too(String operation) throws Exception {
    retiring("own-client");
    vault.storage.before(
        operation,
        () -> {
          throw new NoClassDefFoundError("told to");
        });

    open();

    awaitStuck();
    var status = Replies.data(vault.read("status", Map.of()));
    assertThat(status.get("session")).isEqualTo(true);
    assertThat(status.get("session_error")).asString().contains("internal error");
  }

  @Test
  void acts_as_a_new_configuration_says_as_soon_as_that_is_written() throws Exception {
    retiring("own-client");
    open();
    awaitStuck();

    // No time passes here, so that nothing is asked again because it has become old.
    var other = EngineHarness.connection();
    other.put("client_id", "another-client");
    vault.write("config", Map.of(), other);

    eventually(() -> vault.genesys.held().isEmpty());
  }

  @Test
  void shows_no_count_while_nothing_is_known() throws Exception {
    retiring("own-client");
    promised("b", "{}");

    assertThat(queues())
        .containsEntry("loaded", false)
        .containsEntry("journal", 1)
        .doesNotContainKeys(
            "issued", "stuck", "to_deactivate", "to_delete", "oldest_waiting_seconds");
  }

  @Test
  void shows_what_cannot_be_read_and_why_a_promise_is_not_taken_over() throws Exception {
    retiring("own-client");
    vault.storage.put("clients/broken", new byte[] {'{'});
    promised("b", "{}");
    open();

    awaitStuck();
    assertThat(queues())
        .containsEntry("loaded", true)
        .containsEntry("journal", 1)
        .containsEntry("unreadable", 1)
        .containsEntry("issued", 0L);
    assertThat(queues().get("journal_unusable"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .singleElement()
        .asString()
        .startsWith("journal/b: ");
  }

  @Test
  void the_inventory_shows_age_and_next_attempt() throws Exception {
    retiring("own-client");
    vault.time.advance(Duration.ofMinutes(5));
    open();
    awaitStuck();

    var list = Replies.data(vault.serve("clients/list", Operation.LIST, Map.of(), Map.of()));

    var info =
        assertThat(list.get("key_info")).asInstanceOf(InstanceOfAssertFactories.MAP).actual();
    assertThat(info.get("a"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("age_seconds", 300L)
        .containsEntry("next_attempt", shown().get("next_attempt"));
    assertThat(shown().get("next_attempt")).asString().isNotEmpty();
  }

  @Test
  void a_lease_does_not_end_what_a_static_role_hands_out_whether_a_session_is_open_or_not()
      throws Exception {
    var internal = Replies.secret(vault.read("creds/name", Map.of("name", "demo"))).internalData();
    var id = new ClientId(String.valueOf(internal.get("client_id")));
    imported(id);
    vault.genesys.forgetCalls();

    for (int i = 0; i < 2; i++) {
      assertThat(Replies.refusal(vault.onLease(Operation.REVOKE, internal, Duration.ZERO), 500))
          .contains("a static role hands out");
      open();
    }

    assertThat(vault.genesys.calls()).doesNotContain("replace", "delete");
    assertThat(vault.genesys.held()).containsKey(id);
  }

  @Test
  void a_lease_ends_nothing_while_a_static_role_cannot_be_read_that_may_hand_it_out()
      throws Exception {
    var internal = Replies.secret(vault.read("creds/name", Map.of("name", "demo"))).internalData();
    vault.storage.put("static-creds/crm", new byte[] {'{'});
    vault.genesys.forgetCalls();

    for (int i = 0; i < 2; i++) {
      assertThat(Replies.refusal(vault.onLease(Operation.REVOKE, internal, Duration.ZERO), 500))
          .contains("static-creds/crm cannot be read");
      open();
      eventually(() -> Boolean.TRUE.equals(status("static_roles").get("loaded")));
    }
    assertThat(vault.genesys.calls()).doesNotContain("replace", "delete");

    vault.storage.delete("static-creds/crm");
    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());
  }

  @Test
  void status_says_of_a_static_role_that_cannot_be_read_that_nobody_rotates_it() throws Exception {
    vault.storage.put("static-roles/crm", vault.storage.get("roles/demo").orElseThrow());
    vault.storage.put("static-creds/crm", new byte[] {'{'});
    open();

    eventually(() -> Long.valueOf(1).equals(status("static_roles").get("failing")));
    var list = Replies.data(vault.serve("static-roles/list", Operation.LIST, Map.of(), Map.of()));
    assertThat(String.valueOf(list.get("key_info"))).contains("static-creds/crm cannot be read");
  }

  @Test
  void a_revoke_reads_no_static_role_while_a_session_knows_them() throws Exception {
    var internal = Replies.secret(vault.read("creds/name", Map.of("name", "demo"))).internalData();
    imported(vault.genesys.hold("wallboard", new ClientBody(Map.of("name", "wallboard"))));
    open();
    vault.genesys.forgetCalls();
    vault.storage.forgetOperations();

    assertThat(vault.onLease(Operation.REVOKE, internal, Duration.ZERO))
        .isEqualTo(new Reply.Nothing());

    assertThat(vault.genesys.calls()).containsExactly("replace", "delete");
    assertThat(vault.storage.operations()).noneMatch(operation -> operation.contains("static-"));
  }

  /** Writes what an import leaves behind that did not see the lease. */
  @Test
  void status_and_overview_say_the_same_of_what_is_overdue() throws Exception {
    refusedAndLate();
    open();

    eventually(() -> Long.valueOf(1).equals(status("static_roles").get("overdue")));
    var shown = Replies.data(vault.read("static-roles/status", CRM));
    var list = Replies.data(vault.serve("static-roles/list", Operation.LIST, Map.of(), Map.of()));
    var info =
        assertThat(list.get("key_info")).asInstanceOf(InstanceOfAssertFactories.MAP).actual();

    assertThat(shown.get("overdue")).isEqualTo(true);
    assertThat(shown.get("overdue_reason")).asString().contains("should have ended by");
    assertThat(info.get("crm"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("overdue", true)
        .containsKey("overdue_reason");
  }

  @Test
  void a_new_configuration_has_a_refused_rotation_tried_at_once() throws Exception {
    refusedAndLate();
    open();
    eventually(() -> Long.valueOf(1).equals(status("static_roles").get("failing")));
    long before = creates();

    // No time passes here, so that nothing is tried again because its wait is over.
    vault.write("config", Map.of(), EngineHarness.connection());

    eventually(() -> creates() > before);
  }

  private long creates() {
    return vault.genesys.calls().stream().filter("create"::equals).count();
  }

  private void refusedAndLate() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      vault.genesys.refuse("create", 403, "not.authorized");
    }
    vault.write(
        "static-roles/name",
        CRM,
        Map.of("rotation_period", 864_000, "role_divisions", List.of("role-1:*")));
    var entry = new MountStorage(vault.storage).staticCredentials().entry("crm");
    var late = vault.time.now().minusSeconds(60);
    entry.put(
        entry
            .get()
            .orElseThrow()
            .with(draft -> draft.run = new RotationRun(Reason.INITIAL, false, late, late)));
  }

  private void imported(ClientId id) throws InterruptedException {
    vault.write(
        "static-roles/name",
        Map.of("name", "crm"),
        Map.of("rotation_period", 864_000, "defer_initial_creds", true));
    var storage = new MountStorage(vault.storage);
    var name = ClientNaming.name("x", mark(), KEY, 1);
    var generation =
        new StaticClient(
            new ClientKey("imported"),
            name,
            "org-1",
            new ClientBody(Map.of()),
            vault.time.now(),
            Endpoint.of("mypurecloud.de"),
            id,
            Secret.of("s3cr3t"),
            true,
            false,
            Map.of());
    var entry = storage.staticCredentials().entry("crm");
    entry.put(
        entry
            .get()
            .orElseThrow()
            .with(draft -> {
              draft.current = generation;
              draft.nextRotation = vault.time.now().plus(Duration.ofDays(10));
            }));
  }

  private void open() throws Exception {
    if (!session.isAlive()) {
      session = vault.attend();
    }
    eventually(() ->
        Boolean.TRUE.equals(queues().get("loaded"))
            && Boolean.TRUE.equals(status("static_roles").get("loaded")));
  }

  private void retiring(String clientId) throws InterruptedException {
    var name = ClientNaming.name("vault-demo", mark(), KEY, 1);
    var body = ClientBody.of(name, "", Duration.ofHours(1), Set.of(EngineHarness.HELD), Map.of());
    var now = vault.time.now();
    new MountStorage(vault.storage)
        .client(KEY)
        .put(
            new ClientRecord(
                ClientRecord.State.RETIRING,
                ClientRecord.Kind.DYNAMIC,
                List.of(name),
                vault.genesys.hold(clientId, body),
                "org-1",
                "demo",
                body,
                now,
                now,
                now,
                null,
                "",
                "",
                "",
                Map.of()));
  }

  private Mark mark() throws InterruptedException {
    return new MountStorage(vault.storage).mount().get().orElseThrow().mark();
  }

  private void promised(String key, String internalData) {
    var entry =
        "{\"version\":1,\"internal_data\":%s,\"journaled_time\":\"2026-01-01T00:00:00Z\"}"
            .formatted(internalData);
    vault.storage.put("journal/" + key, entry.getBytes(StandardCharsets.UTF_8));
  }

  /** The record says so before the session has taken note of it. */
  private void awaitStuck() throws Exception {
    eventually(() -> Long.valueOf(1).equals(queues().get("stuck")));
  }

  private Map<String, ?> shown() throws InterruptedException {
    var reply = vault.read("clients/key", CAPTURED);
    return reply instanceof Reply.Content content ? content.data() : Map.of();
  }

  private Map<String, Object> queues() throws InterruptedException {
    return status("queues");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> status(String part) throws InterruptedException {
    var shown = Objects.requireNonNull(Replies.data(vault.read("status", Map.of())).get(part));
    return (Map<String, Object>) shown;
  }

  /** Asks again until the session has done it, in its own task. */
  private static void eventually(Callable<Boolean> question) throws Exception {
    while (!question.call()) {
      Thread.onSpinWait();
    }
  }
}
