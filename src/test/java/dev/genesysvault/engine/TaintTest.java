package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.RecordedEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vault taints a mount that it disables, and one that it moves: the latter goes on. */
@Timeout(60)
final class TaintTest {
  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  /** What tells that a taint is gone. */
  enum Teller {
    REQUEST,
    NOTICE,
    SESSION
  }

  @BeforeEach
  void open() throws Exception {
    mount.open();
    mount.writeStaticRole();
    mount.eventually(() -> mount.current().isPresent());
  }

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  @ParameterizedTest
  @EnumSource(Teller.class)
  void what_it_stopped_begins_again_when_it_is_gone(Teller teller) throws Exception {
    var before = mount.current();
    taint();
    vault.time.advance(Duration.ofDays(31));
    vault.tainted = Optional.of(false);
    vault.path = "elsewhere/";

    switch (teller) {
      case REQUEST -> {
        var _ = vault.read("config", Map.of());
      }
      case NOTICE -> vault.notice();
      case SESSION -> {
        end();
        mount.attend();
      }
    }
    vault.tainted = Optional.empty();

    mount.eventually(() -> !mount.current().equals(before));
    assertThat(mount.rotations()).containsEntry("tainted", false);
    assertThat(String.valueOf(latest().get("description"))).contains("elsewhere/");
  }

  private boolean overdue() throws InterruptedException {
    var shown = Replies.data(vault.read("static-roles/status", AttendedMount.CRM));
    return Boolean.TRUE.equals(shown.get("overdue"));
  }

  @Test
  void what_it_holds_back_is_shown_as_overdue_while_it_lasts() throws Exception {
    taint();
    assertThat(overdue()).isFalse();
    vault.time.advance(Duration.ofDays(40));

    mount.eventually(() -> Long.valueOf(1).equals(mount.rotations().get("overdue")));
    assertThat(overdue()).isTrue();
    assertThat(mount.rotations()).containsEntry("tainted", true);

    vault.tainted = Optional.of(false);
    vault.notice();
    vault.tainted = Optional.empty();
    mount.eventually(() -> !overdue() && Long.valueOf(0).equals(mount.rotations().get("overdue")));
  }

  @Test
  void nothing_is_begun_while_nobody_knows_whether_it_is_gone() throws Exception {
    taint();
    vault.tainted = Optional.empty();

    vault.notice();

    assertThat(mount.rotations()).containsEntry("tainted", true);
  }

  @Test
  void a_leaked_client_goes_after_a_move() throws Exception {
    var before = mount.current();
    taint();
    vault.tainted = Optional.of(false);

    mount.meanwhile(
        () -> vault.write("rotate-role/name", AttendedMount.CRM, Map.of("emergency", true)));

    mount.eventually(() -> !vault.genesys.held().containsKey(before.orElseThrow()));
  }

  @Test
  void ends_nothing_of_a_static_role() throws Exception {
    var before = mount.current();

    taint();

    assertThat(mount.current()).isEqualTo(before);
    assertThat(vault.genesys.held()).containsKey(before.orElseThrow());
    assertThat(held(before).text("state")).isEqualTo("active");
  }

  @Test
  void says_by_id_who_stays_active_if_it_is_a_disabling() throws Exception {
    taint();

    assertThat(told())
        .singleElement()
        .satisfies(event ->
            assertThat(event.metadata())
                .containsEntry("client_ids", mount.current().orElseThrow().value())
                .containsEntry("clients", "1")
                .containsEntry("others", "0")
                .containsEntry("path", "drain")
                .hasEntrySatisfying(
                    "detail", text -> assertThat(text).contains("a disabling and not a move")));
  }

  @Test
  void says_that_once_and_again_where_what_is_left_has_changed() throws Exception {
    try (var logs = new CapturedLogs()) {
      taint();
      assertThat(vault.rollBack()).isEqualTo(new Reply.Nothing());
      vault.storage.put("static-creds/odd", new byte[] {'{'});
      var changed = vault.rollBack();
      assertThat(vault.rollBack()).isEqualTo(new Reply.Nothing());

      assertThat(Replies.warnings(changed)).singleElement().asString().contains("static-creds/odd");
      assertThat(logs.lines()).filteredOn(line -> line.contains("static role crm")).hasSize(1);
      assertThat(logs.lines()).filteredOn(line -> line.contains("static-creds/odd")).hasSize(1);
      assertThat(told())
          .extracting(event -> event.metadata().get("others"))
          .containsExactly("0", "1");
    }
  }

  @Test
  void says_that_again_when_it_comes_again() throws Exception {
    taint();
    vault.tainted = Optional.of(false);
    vault.notice();

    taint();

    assertThat(told()).hasSize(2);
  }

  private List<RecordedEvents.Event> told() {
    return vault.events.sent().stream()
        .filter(event -> event.type().equals("genesys/mount-undrained"))
        .toList();
  }

  private void taint() throws InterruptedException {
    vault.tainted = Optional.of(true);
    var _ = vault.rollBack();
    vault.tainted = Optional.empty();
    assertThat(mount.rotations()).containsEntry("tainted", true);
    vault.tainted = Optional.of(true);
  }

  private Map<String, Object> latest() throws InterruptedException {
    return held(mount.current()).members();
  }

  private ClientBody held(Optional<ClientId> id) {
    return Objects.requireNonNull(vault.genesys.held().get(id.orElseThrow()));
  }
}
