package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.queue.ClientCounts;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientQueueReport;
import dev.genesysvault.queue.Step;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upstream.ClientListHealth;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListDoubtsTest {
  private static final FakeTime TIME = new FakeTime();

  /** Of a session that knows all records. */
  private static ClientQueueReport clients(Map<State, Integer> states, Map<Step, Integer> steps) {
    var queue = new ClientQueue(TIME, new SoloLocks(TIME), new SeededRandomness(), Delays.STANDARD);
    queue.open();
    queue.loaded();
    return new ClientQueueReport(
        true, queue.report().status(), new ClientCounts(states, steps, 0, 0, 0, Duration.ZERO));
  }

  private static AlarmLook look(Optional<ClientListHealth> health, ClientQueueReport clients) {
    var look = new AlarmLook.Builder();
    ListDoubts.look(health, () -> clients, look, FakeTime.START);
    return look.build(10, FakeTime.START);
  }

  private static AlarmLook look(int doubtful, String doubt) {
    return look(
        Optional.of(new ClientListHealth(doubtful, FakeTime.START, FakeTime.START, doubt)),
        clients(Map.of(State.RETIRING, 1), Map.of(Step.SEARCH, 1)));
  }

  private static boolean mayStand(AlarmLook look) {
    return look.mayStand(AlarmKind.CLIENT_LIST_NOT_WHOLE, "", FakeTime.START);
  }

  @Test
  void two_lists_in_a_row_that_are_not_whole_are_an_alarm_that_says_what_was_seen() {
    assertThat(look(2, "it shows 3 clients and says that there are 4").alarms())
        .containsExactly(
            new Alarm(
                AlarmKind.CLIENT_LIST_NOT_WHOLE,
                "",
                FakeTime.START,
                "it shows 3 clients and says that there are 4"));
  }

  @Test
  void one_that_somebody_changed_between_its_pages_is_none_and_ends_none() {
    assertThat(look(1, "it shows 3 clients and says that there are 4").alarms()).isEmpty();
    assertThat(mayStand(look(1, "it shows 3 clients and says that there are 4"))).isTrue();
  }

  @Test
  void a_whole_one_ends_it() {
    assertThat(look(0, "").alarms()).isEmpty();
    assertThat(mayStand(look(0, ""))).isFalse();
  }

  @Test
  void where_none_was_read_it_may_stand_while_something_is_looked_for() {
    assertThat(mayStand(look(Optional.empty(), clients(Map.of(State.CREATING, 1), Map.of()))))
        .isTrue();
    assertThat(mayStand(look(Optional.empty(), clients(Map.of(), Map.of())))).isFalse();
  }

  @Test
  void what_the_last_list_said_is_over_where_none_follows() {
    var since = FakeTime.START.minus(Duration.ofHours(2));
    var last = FakeTime.START.minus(Duration.ofHours(1));
    var health = Optional.of(new ClientListHealth(2, since, last, "some of them twice"));

    var look = look(health, clients(Map.of(), Map.of()));

    assertThat(look.alarms()).isEmpty();
    assertThat(mayStand(look)).isFalse();
  }
}
