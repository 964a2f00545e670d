package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.RecordedEvents.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever has to look after a rotation hears of it, once, and in time. */
final class RotationAlarmsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private final RotationHarness it;

  RotationAlarmsTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  @Test
  void a_long_pause_holds_up_no_alarm() throws Exception {
    it.defined("other").rotateFor(MINUTE);
    it.genesys.limit("create", Duration.ofHours(200));

    // Both are due; the one is limited, the other does not even begin.
    it.rotateFor(RotationHarness.PERIOD.plus(HOUR.multipliedBy(3)));
    assertThat(overdue())
        .extracting(event -> event.metadata().get("name"))
        .containsExactlyInAnyOrder("crm", "other");
  }

  @Test
  void a_session_that_cannot_begin_is_told_with_the_time_that_was_due() throws Exception {
    var due = Objects.requireNonNull(it.credential("crm").nextRotation());
    for (int i = 0; i < 5_000; i++) {
      it.genesys.limit("create", Duration.ofMinutes(1));
    }
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.run = null));

    it.rotateFor(RotationHarness.PERIOD.plus(HOUR.multipliedBy(3)));

    assertThat(overdue()).hasSize(1);
    assertThat(overdue().getFirst().metadata().get("error")).contains(due.toString());
  }

  @Test
  void a_forced_out_client_that_stays_is_told_while_the_next_grace_lasts() throws Exception {
    var long_ = Duration.ofDays(15);
    it.role(
            "slow",
            new RotationTiming(
                RotationHarness.PERIOD, "", Duration.ZERO, long_, Duration.ZERO, Duration.ZERO),
            "role-1:*")
        .rotateFor(MINUTE);
    var first = it.current("slow");
    var _ = it.ask("slow", false, false, false);
    it.rotateFor(MINUTE);
    var _ = it.ask("slow", true, false, false);

    it.rotateFor(HOUR.multipliedBy(2));

    assertThat(it.credential("slow").phase()).isEqualTo(Phase.GRACE);
    assertThat(overdue()).hasSize(1);
    assertThat(overdue().getFirst().metadata().get("error")).contains(first.id().value());
  }

  @Test
  void a_forced_out_client_that_went_is_told_while_the_next_grace_lasts() throws Exception {
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    var _ = it.ask("crm", true, false, false);
    it.endFor(MINUTE).rotateFor(MINUTE.multipliedBy(5));

    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    assertThat(it.credential("crm").retired()).isEmpty();
    assertThat(it.events.sent())
        .filteredOn(event -> event.type().endsWith("-decommissioned"))
        .extracting(event -> event.metadata().get("client_id"))
        .containsExactly(first.id().value());
  }

  @Test
  void a_client_that_genesys_keeps_for_a_week_is_no_alarm_in_that_week() throws Exception {
    var _ = it.ask("crm", false, true, false);
    it.rotateFor(MINUTE);
    var retired = it.credential("crm").retired().getFirst();
    var record = it.records.get(retired.key()).orElseThrow();
    it.records.put(retired.key(), record.retiring("later").deactivatedAt(it.time.now()));

    it.rotateFor(Duration.ofDays(8));
    assertThat(overdue()).isEmpty();

    it.rotateFor(Duration.ofDays(1));
    assertThat(overdue()).hasSize(1);
    assertThat(overdue().getFirst().metadata().get("error")).contains("later");
  }

  @Test
  void a_client_that_is_deactivated_late_is_excused_for_that_week_and_told_again_after_it()
      throws Exception {
    var _ = it.ask("crm", false, true, false);
    it.rotateFor(MINUTE);
    var retired = it.credential("crm").retired().getFirst();
    var record = it.records.get(retired.key()).orElseThrow();
    var overview = new ArrayList<String>();
    it.bus =
        (type, metadata) -> {
          it.events.send(type, metadata);
          if (overdue().size() == 1) {
            it.records.put(retired.key(), record.retiring("later").deactivatedAt(it.time.now()));
            inAnHour(() -> overview.add(it.queue.of("crm").orElseThrow().overdue()));
          }
        };

    it.rotateFor(Duration.ofDays(9));

    assertThat(overdue()).hasSize(2);
    assertThat(overview).last().isEqualTo("");
  }

  /** Waits end when somebody writes, too: as many as an hour may have. */
  private void inAnHour(Runnable look) {
    for (int i = 0; i < 13; i++) {
      it.locks.meanwhile(() -> {
        it.time.advance(MINUTE.multipliedBy(5));
        look.run();
      });
    }
  }

  @Test
  void a_record_that_cannot_be_read_is_an_alarm_and_stops_no_rotation() throws Exception {
    var _ = it.ask("crm", false, true, false);
    it.rotateFor(MINUTE);
    var second = it.current("crm");
    var retired = it.credential("crm").retired().getFirst();
    it.storage.put("clients/" + retired.key(), new byte[] {'{'});

    it.rotateFor(RotationHarness.PERIOD.plus(HOUR.multipliedBy(2)));

    assertThat(it.current("crm").id()).isNotEqualTo(second.id());
    assertThat(overdue()).hasSize(1);
    assertThat(overdue().getFirst().metadata().get("error"))
        .contains(retired.clientId().value(), "clients/" + retired.key());
  }

  @Test
  void what_is_overdue_is_in_the_overview_until_it_is_over() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      it.genesys.refuse("create", 403, "not.authorized");
    }
    var seen = new ArrayList<String>();
    it.bus =
        (type, _) -> {
          if (type.endsWith("-overdue")) {
            it.genesys.mend();
          }
          if (type.endsWith("-rotated")) {
            seen.add(it.queue.of("crm").orElseThrow().overdue());
            seen.add(Long.toString(it.queue.status().overdue()));
          }
        };

    it.rotateFor(RotationHarness.PERIOD.plus(HOUR.multipliedBy(3)));
    assertThat(seen).hasSize(2).last().isEqualTo("1");
    assertThat(seen.getFirst()).contains("should have ended by");
  }

  @Test
  void the_next_rotation_that_is_late_is_told_as_well() throws Exception {
    for (int month = 1; month <= 2; month++) {
      for (int i = 0; i < 1_000; i++) {
        it.genesys.refuse("create", 403, "not.authorized");
      }
      var due = Objects.requireNonNull(it.credential("crm").nextRotation());
      it.rotateFor(Duration.between(it.time.now(), due).plus(HOUR.multipliedBy(3)));
      assertThat(overdue().getLast().metadata().get("error")).contains(due.toString());
      it.genesys.mend();
      it.rotateFor(HOUR.multipliedBy(3)).endFor(MINUTE).rotateFor(HOUR);
    }
  }

  @Test
  void a_grace_that_readers_of_a_longer_one_need_is_no_alarm() throws Exception {
    var until = it.time.now().plus(Duration.ofDays(4));
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.readUntil = until));
    var _ = it.ask("crm", false, false, false);

    it.rotateFor(Duration.ofDays(4)).endFor(MINUTE).rotateFor(HOUR.multipliedBy(2));

    assertThat(overdue()).isEmpty();
    assertThat(it.storage.keys()).noneMatch(key -> key.startsWith("clients/"));
  }

  @Test
  void an_alarm_says_why_the_former_client_is_still_there() throws Exception {
    var _ = it.ask("crm", false, true, false);
    it.rotateFor(MINUTE);
    var key = it.credential("crm").retired().getFirst().key();
    ClientRecord record = it.records.get(key).orElseThrow();
    it.records.put(key, record.stuck("the mount lacks role-1:*"));

    it.rotateFor(HOUR.multipliedBy(2));

    assertThat(overdue().getFirst().metadata().get("error")).contains("the mount lacks role-1:*");
  }

  private List<Event> overdue() {
    return it.events.sent().stream().filter(event -> event.type().endsWith("-overdue")).toList();
  }
}
