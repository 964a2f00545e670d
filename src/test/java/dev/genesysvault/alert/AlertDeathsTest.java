package dev.genesysvault.alert;

import static dev.genesysvault.alarm.AlarmKind.ROTATION_OVERDUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.alert.Receiver.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a session tells whose process died while it told people before. */
final class AlertDeathsTest {
  private static final Duration SOON = Duration.ofMinutes(11);

  private final AlertHarness it = new AlertHarness();

  private void runToItsDeath() {
    assertThatThrownBy(() -> it.runs(SOON)).isInstanceOf(OutOfMemoryError.class);
    it.restart();
  }

  private static Answer die() {
    throw new OutOfMemoryError("for the test");
  }

  @Test
  void a_receiver_it_died_of_is_left_alone_while_others_are_told() throws Exception {
    it.receiver("bad").receiver("good").stands(ROTATION_OVERDUE, "crm");
    it.answer =
        message ->
            it.told.getLast().startsWith("bad")
                ? die()
                : new Answer.Confirmed(message.alarm().subject());
    for (int i = 0; i < 5; i++) {
      runToItsDeath();
    }
    it.told();
    int before = it.looks;

    it.rounds(10);
    assertThat(it.told()).isSubsetOf("good: triggered rotation_overdue crm");
    assertThat(it.looks - before).isLessThanOrEqualTo(11);

    it.answer = _ -> new Answer.Confirmed("");
    it.runs(Duration.ofMinutes(15));
    assertThat(it.told()).contains("bad: triggered rotation_overdue crm");
    assertThat(it.kept("good")).hasSize(1);
  }

  @Test
  void receivers_whose_reading_it_died_of_are_read_again_after_a_wait() throws Exception {
    it.receiver("soc").stands(ROTATION_OVERDUE, "crm");
    for (int i = 0; i < 5; i++) {
      it.bytes.before("get sealed/alerts/soc", AlertDeathsTest::die);
      runToItsDeath();
    }

    it.rounds(10);
    assertThat(it.told()).isEmpty();
    it.runs(Duration.ofMinutes(15));
    assertThat(it.told()).containsExactly("soc: triggered rotation_overdue crm");
  }
}
