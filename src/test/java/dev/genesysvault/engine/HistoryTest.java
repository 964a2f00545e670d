package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountStorage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The paths of what is kept of rotations. */
@Timeout(60)
final class HistoryTest {
  private static final Map<String, String> CRM = Map.of("name", "crm");

  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  @Test
  void a_rotation_is_listed_and_shown_with_who_wrote_the_role() throws Exception {
    mount.open();
    mount.writeStaticRole();
    mount.eventually(() -> mount.current().isPresent() && mount.atRest() && !ids().isEmpty());

    assertThat(data(vault.serve("history/list", Operation.LIST, Map.of(), Map.of())).get("keys"))
        .isEqualTo(List.of("crm"));
    Map<String, Object> shown =
        new HashMap<>(
            data(vault.read("history/id", Map.of("name", "crm", "id", ids().getFirst()))));
    assertThat(shown)
        .containsEntry("reason", "initial")
        .containsEntry("from", "")
        .containsEntry("to", mount.current().orElseThrow().value())
        .containsEntry("former_deleted_time", "")
        .containsEntry("former_released_time", "")
        .containsEntry("late", List.of());
    assertThat((List<?>) Objects.requireNonNull(shown.get("asked_by")))
        .singleElement()
        .satisfies(asker ->
            assertThat(asker.toString())
                .contains("wish=role", "display_name=", "entity_id=", "request_id=", "time="));
  }

  private List<String> ids() throws InterruptedException {
    return new MountStorage(vault.storage).history("crm").names();
  }

  @Test
  void what_is_not_there_is_not_found() throws Exception {
    assertThat(vault.read("history/id", Map.of("name", "crm", "id", "none")))
        .isEqualTo(new Reply.Nothing());
    assertThat(vault.serve("history/name", Operation.LIST, CRM, Map.of()))
        .isEqualTo(new Reply.Nothing());
  }

  @Test
  void how_much_is_kept_is_written_shown_and_kept_by_a_later_write() throws Exception {
    vault.ready();
    assertThat(config())
        .containsEntry("history_days", Keeping.DEFAULT_DAYS)
        .containsEntry("keep_attribution", false);

    var _ = vault.write("config", Map.of(), Map.of("history_days", 0, "keep_attribution", true));
    var _ = vault.write("config", Map.of(), Map.of("ttl", 60));

    assertThat(config()).containsEntry("history_days", 0).containsEntry("keep_attribution", true);
  }

  private Map<String, Object> config() throws InterruptedException {
    return new HashMap<>(data(vault.read("config", Map.of())));
  }

  @Test
  void more_days_than_ten_years_are_refused() throws Exception {
    vault.ready();

    assertThat(Replies.refusal(vault.write("config", Map.of(), Map.of("history_days", 3_651)), 400))
        .contains("history_days is 3651; must be 0");
    assertThat(Replies.refusal(vault.write("config", Map.of(), Map.of("history_days", -1)), 400))
        .contains("history_days is -1");
    assertThat(config()).containsEntry("history_days", Keeping.DEFAULT_DAYS);
  }
}
