package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientName;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For whom clients were made that are gone, where a mount keeps that. */
@Timeout(60)
final class AttributionTest {
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

  private void keep() throws InterruptedException {
    var _ = vault.write("config", Map.of(), Map.of("keep_attribution", true));
  }

  private Map<String, Object> issue() throws InterruptedException {
    return new LinkedHashMap<>(secret(vault.readAs("r-1", "demo")).internalData());
  }

  private Reply revoke(Map<String, Object> lease) throws InterruptedException {
    return vault.onLease(Operation.REVOKE, lease, Duration.ZERO);
  }

  /** Returns all that is kept, through the paths. */
  private List<Map<String, Object>> kept() throws InterruptedException {
    var kept = new ArrayList<Map<String, Object>>();
    for (var hour : new MountStorage(vault.storage).hoursOfDecommissioned()) {
      for (var id : new MountStorage(vault.storage).decommissioned(hour).names()) {
        var reply = vault.read("decommissioned/id", Map.of("hour", hour, "id", id));
        kept.add(new HashMap<>(data(reply)));
      }
    }
    return kept;
  }

  private void eventually(Callable<Boolean> question) throws Exception {
    while (!question.call()) {
      vault.time.advance(Duration.ofSeconds(1));
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void nothing_is_kept_unless_somebody_asks_for_it() throws Exception {
    var lease = issue();

    assertThat(revoke(lease)).isEqualTo(new Reply.Nothing());

    assertThat(vault.genesys.held()).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void a_revoked_client_is_kept_with_its_reader() throws Exception {
    keep();
    var lease = issue();

    assertThat(revoke(lease)).isEqualTo(new Reply.Nothing());

    assertThat(kept())
        .singleElement()
        .satisfies(client ->
            assertThat(client)
                .containsEntry("role", "demo")
                .containsEntry("ended_by", "revoke")
                .containsEntry("handed_out", true)
                .containsEntry("found_deleted", false)
                .containsEntry("issued_time", "2026-01-01T00:00:00Z")
                .containsEntry("deleted_time", "2026-01-01T00:00:00Z")
                .containsKeys("client_id", "display_name", "entity_id", "deactivated_time"));
    var hours = vault.serve("decommissioned/list", Operation.LIST, Map.of(), Map.of());
    assertThat(hours).isEqualTo(Reply.of(Map.of("keys", List.of("20260101T00"))));
  }

  @Test
  void one_that_the_background_ends_is_kept_once() throws Exception {
    keep();
    var lease = issue();
    vault.genesys.beAway("replace").beAway("replace").beAway("replace");
    assertThat(revoke(lease)).isEqualTo(new Reply.Nothing());
    assertThat(kept()).isEmpty();

    session = vault.attend();
    eventually(() -> vault.genesys.held().isEmpty() && !kept().isEmpty());

    assertThat(kept()).singleElement().extracting(it -> it.get("ended_by")).isEqualTo("revoke");
  }

  @Test
  void one_that_no_lease_ended_in_time_says_so() throws Exception {
    keep();
    var _ = issue();

    session = vault.attend();
    vault.time.advance(Duration.ofDays(2));
    eventually(() -> !kept().isEmpty());

    assertThat(kept()).singleElement().extracting(it -> it.get("ended_by")).isEqualTo("deadline");
  }

  @Test
  void one_whose_issue_storage_did_not_take_was_never_handed_out() throws Exception {
    keep();
    session = vault.attend();
    var puts = new AtomicInteger();
    vault.storage.failWhen(
        Kind.OTHER,
        operation -> operation.startsWith("put clients/") && puts.incrementAndGet() == 2);
    vault.genesys.beAway("replace");

    assertThatThrownBy(this::issue).isInstanceOf(Throwable.class);

    eventually(() -> !kept().isEmpty());
    assertThat(kept())
        .singleElement()
        .satisfies(client ->
            assertThat(client)
                .containsEntry("handed_out", false)
                .containsEntry("ended_by", "taken_back"));
  }

  @Test
  void one_that_genesys_made_otherwise_was_never_handed_out() throws Exception {
    keep();
    session = vault.attend();
    vault.genesys.keep(body -> body.named(new ClientName("other")).inactive());

    assertThatThrownBy(this::issue).isInstanceOf(Throwable.class);
    vault.genesys.keep(body -> body);

    eventually(() -> !kept().isEmpty());
    assertThat(kept()).singleElement().extracting(it -> it.get("handed_out")).isEqualTo(false);
  }

  @Test
  void an_issue_costs_no_more_for_it() throws Exception {
    vault.storage.forgetOperations();
    var _ = vault.readAs("r-1", "demo");
    var before = vault.storage.operations().stream().map(AttributionTest::kind).toList();
    keep();
    vault.storage.forgetOperations();

    var _ = vault.readAs("r-2", "demo");

    assertThat(vault.storage.operations().stream().map(AttributionTest::kind).toList())
        .isEqualTo(before);
  }

  private static String kind(String operation) {
    return operation.contains("clients/")
        ? operation.substring(0, operation.indexOf('/'))
        : operation;
  }

  @Test
  void a_mount_that_keeps_no_history_keeps_no_attribution_either() throws Exception {
    keep();
    var _ = vault.write("config", Map.of(), Map.of("history_days", 0));
    var lease = issue();

    var _ = revoke(lease);

    assertThat(kept()).isEmpty();
  }
}
