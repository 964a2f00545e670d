package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.ClientListHealth;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListDoubtsTest {
  private static AlarmLook look(Optional<ClientListHealth> health) {
    var look = new AlarmLook.Builder();
    ListDoubts.look(health, look);
    return look.build(10, FakeTime.START);
  }

  private static AlarmLook look(int doubtful, String doubt) {
    return look(Optional.of(new ClientListHealth(doubtful, FakeTime.START, doubt)));
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
  void a_whole_one_ends_it_and_none_at_all_does_not() {
    assertThat(look(0, "").alarms()).isEmpty();
    assertThat(mayStand(look(0, ""))).isFalse();
    assertThat(mayStand(look(Optional.empty()))).isTrue();
  }
}
