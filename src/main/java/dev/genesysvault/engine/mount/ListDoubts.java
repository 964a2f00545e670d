package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.upstream.ClientListHealth;
import java.util.Optional;

/** Whether Genesys' lists of clients show all that there are. */
final class ListDoubts {
  /**
   * Whoever makes or deletes a client between two pages of a list spoils that one, and no other.
   */
  private static final int IN_A_ROW = 2;

  private ListDoubts() {}

  /**
   * Looks at the lists that were read last.
   *
   * @param known empty where none was read yet
   */
  static void look(Optional<ClientListHealth> known, AlarmLook.Builder look) {
    if (known.isEmpty()) {
      look.unknown(AlarmKind.CLIENT_LIST_NOT_WHOLE);
      return;
    }
    var health = known.get();
    if (health.doubtful() >= IN_A_ROW) {
      look.stands(
          AlarmKind.CLIENT_LIST_NOT_WHOLE,
          health.since(),
          Texts.cut(health.doubt(), Alarm.MOST_DETAIL));
    } else if (health.doubtful() > 0) {
      look.unknown(AlarmKind.CLIENT_LIST_NOT_WHOLE);
    }
  }
}
