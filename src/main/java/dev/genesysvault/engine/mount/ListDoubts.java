package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.queue.ClientQueueReport;
import dev.genesysvault.queue.Step;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.upstream.ClientListHealth;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

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
   * @param clients of the mount, counted only where that matters: while nothing is looked for, no
   *     list follows that could say more, and what the last one said is over after a while
   */
  static void look(
      Optional<ClientListHealth> known,
      Supplier<ClientQueueReport> clients,
      AlarmLook.Builder look,
      Instant now) {
    var last = known.filter(it -> it.isOf(now));
    int doubtful = last.map(ClientListHealth::doubtful).orElse(0);
    if (doubtful >= IN_A_ROW) {
      last.ifPresent(health ->
          look.stands(
              AlarmKind.CLIENT_LIST_NOT_WHOLE,
              health.since(),
              Texts.cut(health.doubt(), Alarm.MOST_DETAIL)));
    } else if ((last.isEmpty() || doubtful > 0) && maySearch(clients.get())) {
      look.unknown(AlarmKind.CLIENT_LIST_NOT_WHOLE);
    }
  }

  private static boolean maySearch(ClientQueueReport clients) {
    var counts = clients.counts();
    return !clients.status().loaded()
        || counts.states().containsKey(State.CREATING)
        || counts.steps().containsKey(Step.SEARCH);
  }
}
