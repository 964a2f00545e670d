package dev.genesysvault.alert;

import static dev.genesysvault.alarm.AlarmKind.CLIENT_STUCK;
import static dev.genesysvault.alarm.AlarmKind.DRIFT;
import static dev.genesysvault.alarm.AlarmKind.GENESYS_UNREACHABLE;
import static dev.genesysvault.alarm.AlarmKind.ROTATION_OVERDUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alert.Receiver.Answer;
import dev.genesysvault.storage.AlertEntry;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.StorageException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A receiver hears once that a cause stands, and once that it is over, whatever dies meanwhile. */
final class AlertsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer AWAY = new Answer.Away("nobody is there", Duration.ZERO);

  private final AlertHarness it = new AlertHarness();

  @Test
  void a_cause_is_told_once_however_long_it_stands() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").runs(HOUR);

    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
  }

  @Test
  void its_end_is_told_and_nothing_is_left_of_it() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").rounds(2);
    it.over(ROTATION_OVERDUE, "crm").rounds(2);

    assertThat(it.told())
        .containsExactly(
            "soc: triggered rotation_overdue crm", "soc: resolved rotation_overdue crm");
    assertThat(it.kept("soc")).isEmpty();
  }

  @Test
  void what_began_and_ended_while_nobody_could_be_told_is_told_as_both() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    it.answer = _ -> AWAY;
    it.rounds(3);
    it.over(ROTATION_OVERDUE, "crm").rounds(3);
    it.told();

    it.answer = _ -> new Answer.Confirmed("");
    it.runs(HOUR);

    assertThat(it.told())
        .containsExactly(
            "soc: triggered rotation_overdue crm", "soc: resolved rotation_overdue crm");
  }

  @Test
  void what_is_away_for_an_hour_is_tried_at_growing_waits_and_loses_nothing() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").stands(DRIFT, "web");
    it.answer = _ -> AWAY;

    it.runs(HOUR);

    assertThat(it.told().size()).isBetween(8, 40);
    assertThat(it.alerts.all()).isEmpty();
    it.answer = _ -> new Answer.Confirmed("");
    it.runs(HOUR);
    assertThat(it.told())
        .containsExactlyInAnyOrder(
            "soc: triggered rotation_overdue crm", "soc: triggered drift web");
  }

  @Test
  void a_receiver_that_says_when_it_is_back_is_left_alone_until_then() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    it.answer = _ -> new Answer.Away("too many", Duration.ofMinutes(30));

    it.runs(Duration.ofMinutes(29));

    assertThat(it.told()).hasSize(1);
  }

  @Test
  void the_next_session_goes_on_where_the_last_one_died() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    it.answer = _ -> AWAY;
    it.rounds(1);
    it.told();
    it.answer = _ -> new Answer.Confirmed("");

    it.rounds(1);
    it.rounds(1);

    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
  }

  @Test
  void what_was_told_and_not_written_down_is_told_again_with_the_same_id() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    it.answer =
        _ -> {
          it.bytes.failWhen(StorageException.Kind.CLOSED, op -> op.startsWith("put alert-entries"));
          return new Answer.Confirmed("");
        };
    it.rounds(2);
    it.bytes.failWhen(StorageException.Kind.CLOSED, _ -> false);
    it.answer = _ -> new Answer.Confirmed("");

    it.rounds(2);

    assertThat(it.told())
        .containsExactly(
            "soc: triggered rotation_overdue crm", "soc: triggered rotation_overdue crm");
    assertThat(new HashSet<>(it.messages.stream().map(AlertMessage::id).toList())).hasSize(1);
  }

  @Test
  void nothing_is_told_that_was_not_written_down_before() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    it.bytes.failWhen(StorageException.Kind.OTHER, op -> op.startsWith("put alert-entries"));

    it.rounds(20);

    assertThat(it.told()).isEmpty();
  }

  @Test
  void what_nobody_can_say_yet_is_not_taken_for_over() throws Exception {
    it.receiver("soc").stands(GENESYS_UNREACHABLE, "").rounds(2);
    it.told();
    it.over(GENESYS_UNREACHABLE, "").unknown.add(GENESYS_UNREACHABLE);

    it.rounds(5);
    assertThat(it.told()).isEmpty();

    it.unknown.clear();
    it.rounds(2);
    assertThat(it.told()).containsExactly("soc: resolved genesys_unreachable ");
  }

  @Test
  void a_cause_that_comes_again_is_told_again_with_a_count() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").rounds(2);
    it.answer = _ -> AWAY;
    it.over(ROTATION_OVERDUE, "crm").rounds(1);
    it.stands(ROTATION_OVERDUE, "crm").rounds(1);
    it.told();
    it.answer = _ -> new Answer.Confirmed("");

    it.runs(HOUR);

    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
    assertThat(it.messages.getLast().count()).isEqualTo(2);
  }

  @Test
  void separate_troubles_of_one_cause_have_ids_of_their_own() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").rounds(2);
    it.over(ROTATION_OVERDUE, "crm").rounds(2);
    it.stands(ROTATION_OVERDUE, "crm").rounds(2);

    assertThat(it.messages).hasSize(3);
    assertThat(it.messages.stream().map(AlertMessage::id).distinct()).hasSize(3);
    assertThat(it.messages.stream().map(AlertMessage::cause).distinct()).hasSize(1);
  }

  @Test
  void one_that_hangs_or_refuses_holds_up_no_other() throws Exception {
    it.receiver("down").receiver("up").stands(ROTATION_OVERDUE, "crm");
    it.answer =
        message -> it.told.getLast().startsWith("down") ? AWAY : new Answer.Confirmed("" + message);

    it.rounds(2);

    assertThat(it.told()).contains("up: triggered rotation_overdue crm");
  }

  @Test
  void a_message_that_is_not_taken_holds_up_no_other() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "poison");
    it.rounds(0);
    it.stands(DRIFT, "web");
    it.answer =
        message ->
            message.alarm().subject().equals("poison")
                ? new Answer.Refused("HTTP 400")
                : new Answer.Confirmed("");

    it.rounds(2);

    assertThat(it.told()).contains("soc: triggered drift web");
    assertThat(it.kept("soc")).hasSize(2);
  }

  @Test
  void a_receiver_hears_of_what_it_wants_alone() throws Exception {
    it.receiver("worst", "critical", List.of())
        .receiver("some", "info", List.of("drift"))
        .stands(ROTATION_OVERDUE, "crm")
        .stands(DRIFT, "web")
        .stands(CLIENT_STUCK, "key")
        .rounds(2);

    assertThat(it.told())
        .containsExactlyInAnyOrder(
            "worst: triggered rotation_overdue crm", "some: triggered drift web");
  }

  @Test
  void a_receiver_that_leads_elsewhere_is_told_what_stands() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").rounds(2);
    it.told();

    it.receiver(
        "soc", new AlertReceiver("played", Map.of("url", "noc"), "2", "info", List.of(), Map.of()));
    it.rounds(2);

    assertThat(it.told()).containsExactly("noc: triggered rotation_overdue crm");
  }

  @Test
  void nothing_is_left_of_a_receiver_that_is_gone() throws Exception {
    it.receiver("soc").receiver("noc").stands(ROTATION_OVERDUE, "crm").rounds(2);
    it.storage.alertReceivers().entry("soc").delete();
    it.alerts.changed();

    it.rounds(2);

    assertThat(it.kept("soc")).isEmpty();
    assertThat(it.kept("noc")).hasSize(1);
  }

  @Test
  void an_alarm_of_a_later_version_is_left_to_it() throws Exception {
    it.receiver("soc");
    var later = AlertEntry.begun("a", "sun_is_dark", "", it.time.now(), "");
    it.storage.alertEntries().below("soc").entry("abc").put(later);

    it.rounds(5);

    assertThat(it.kept("soc")).containsExactly(later);
    assertThat(it.told()).isEmpty();
  }

  @Test
  void a_receiver_that_cannot_be_used_holds_up_no_other() throws Exception {
    it.receiver("broken", new AlertReceiver("played", Map.of(), "", "info", List.of(), Map.of()))
        .receiver(
            "future", new AlertReceiver("telepathy", Map.of(), "", "info", List.of(), Map.of()))
        .receiver("soc")
        .stands(ROTATION_OVERDUE, "crm")
        .rounds(2);

    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
  }

  @Test
  void an_idle_mount_costs_no_storage_operation_a_look() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").rounds(3);
    it.rounds(1);
    int opening = it.bytes.operations().size();
    it.bytes.forgetOperations();

    it.runs(Duration.ofMinutes(30));

    assertThat(it.bytes.operations().size()).isLessThan(opening);
    assertThat(it.bytes.writes()).isEmpty();
  }

  /** Has clients stand as stuck, one after the other. */
  private void areStuck(int number) {
    for (int i = 0; i < number; i++) {
      it.stands(CLIENT_STUCK, "key-%04d".formatted(i));
      it.time.advance(Duration.ofMillis(1));
    }
  }

  @Test
  void a_thousand_alarms_are_told_in_the_order_of_their_beginning() throws Exception {
    it.receiver("soc");
    areStuck(1_000);

    it.runs(HOUR);

    assertThat(it.told).hasSize(1_000).isSorted();
  }

  @Test
  void a_message_that_breaks_its_receiver_holds_up_no_other() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "poison");
    it.time.advance(Duration.ofSeconds(1));
    it.stands(DRIFT, "web").stands(CLIENT_STUCK, "key");
    it.answer =
        message ->
            message.alarm().subject().equals("poison")
                ? new Answer.Away("HTTP 500", Duration.ZERO)
                : new Answer.Confirmed("");

    it.runs(HOUR);

    assertThat(it.told())
        .startsWith("soc: triggered rotation_overdue poison")
        .contains("soc: triggered drift web", "soc: triggered client_stuck key");
  }

  @Test
  void of_more_than_a_thousand_the_further_are_one_and_ends_are_told() throws Exception {
    it.receiver("soc");
    areStuck(1_200);
    it.runs(HOUR);
    assertThat(it.kept("soc")).hasSize(1_001);
    assertThat(it.told()).hasSize(1_001).contains("soc: triggered too_many_alarms ");

    for (int i = 0; i < 1_150; i++) {
      it.over(CLIENT_STUCK, "key-%04d".formatted(i));
    }
    it.runs(HOUR);

    assertThat(it.told())
        .contains("soc: resolved client_stuck key-0000", "soc: resolved too_many_alarms ");
    assertThat(it.kept("soc")).hasSize(50);
  }

  @ParameterizedTest
  @EnumSource(names = {"GENESYS_UNREACHABLE", "BUDGET_PAUSED"})
  void a_thousand_alarms_crowd_out_none_of_the_whole_mount_be_it_worse_or_not(AlarmKind kind)
      throws Exception {
    it.receiver("soc");
    areStuck(1_200);
    it.rounds(5);
    var _ = it.told();

    it.stands(kind, "").rounds(5);

    assertThat(it.told()).containsExactly("soc: triggered %s ".formatted(kind.word()));
  }

  @Test
  void what_is_about_the_whole_mount_is_told_first_once_the_receiver_is_back() throws Exception {
    it.receiver("soc");
    areStuck(5);
    it.stands(GENESYS_UNREACHABLE, "");
    it.answer = _ -> new Answer.Away("nobody listens", Duration.ZERO);
    it.runs(HOUR);
    assertThat(it.told().stream().filter(said -> said.contains("genesys_unreachable")))
        .hasSizeGreaterThan(3);
    it.answer = _ -> new Answer.Confirmed("ok");

    it.runs(HOUR);

    var told = it.told();
    assertThat(told).hasSize(6);
    assertThat(told.indexOf("soc: triggered genesys_unreachable ")).isLessThan(2);
  }

  @Test
  void what_is_about_the_whole_mount_is_told_first() throws Exception {
    it.receiver("soc");
    areStuck(999);

    it.stands(GENESYS_UNREACHABLE, "").rounds(5);

    assertThat(it.told()).hasSize(1_000).startsWith("soc: triggered genesys_unreachable ");
  }

  @Test
  void what_a_later_version_has_written_keeps_nobody_awake() throws Exception {
    it.receiver("soc");
    var later = AlertEntry.begun("a", "sun_is_dark", "", it.time.now(), "");
    it.storage.alertEntries().below("soc").entry("abc").put(later);

    it.runs(HOUR);

    assertThat(it.looks).isLessThan(400);
  }

  @Test
  void what_a_receiver_does_not_want_any_more_is_not_told_to_it() throws Exception {
    it.receiver("soc").stands(DRIFT, "web").stands(ROTATION_OVERDUE, "crm");
    it.answer = _ -> AWAY;
    it.rounds(1);
    it.told();

    it.answer = _ -> new Answer.Confirmed("");
    it.receiver("soc", "critical", List.of()).runs(HOUR);

    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
    assertThat(it.kept("soc")).hasSize(1);
  }

  @Test
  void what_was_told_before_is_told_as_over_though_it_is_not_wanted_any_more() throws Exception {
    it.receiver("soc").stands(DRIFT, "web").rounds(2);
    it.told();

    it.receiver("soc", "critical", List.of()).rounds(2);

    assertThat(it.told()).containsExactly("soc: resolved drift web");
    assertThat(it.kept("soc")).isEmpty();
  }

  @Test
  void who_was_not_told_of_a_cause_is_not_told_of_its_end() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm").stands(DRIFT, "web").rounds(2);
    it.told();

    it.over(ROTATION_OVERDUE, "crm")
        .receiver(
            "soc",
            new AlertReceiver("played", Map.of("url", "noc"), "2", "info", List.of(), Map.of()));
    it.rounds(2);

    assertThat(it.told()).containsExactly("noc: triggered drift web");
    assertThat(it.kept("soc")).hasSize(1);
  }

  @Test
  void who_wants_to_hear_of_what_follows_from_an_outage_hears_of_it_as_one() throws Exception {
    it.receiver("some", "info", List.of("rotation_overdue"))
        .receiver("other", "info", List.of("client_stuck"))
        .stands(AlarmKind.CONSEQUENCES, "")
        .rounds(2);

    assertThat(it.told()).containsExactly("some: triggered consequences ");
  }
}
