package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.Drain;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are handed out, in a mount that is being drained. */
final class DrainedClientsTest {
  private static final List<String> KEYS =
      IntStream.rangeClosed(1, 12).mapToObj("%024d"::formatted).toList();
  private static final Duration DAY = Duration.ofDays(1);

  private final UpkeepHarness it = new UpkeepHarness();

  @BeforeEach
  void hand_out() throws InterruptedException {
    it.configured();
    for (var key : KEYS) {
      var creating = it.creating(key);
      var id = it.genesys.hold(client(key).value(), creating.body());
      it.mount.client(new ClientKey(key)).put(creating.issued(id, it.time.now().plus(DAY)));
    }
    it.mount.drain().put(new Drain(FakeTime.START, "operator", Map.of()));
  }

  @Test
  void are_ended_all_of_them() throws Exception {
    it.runFor(Duration.ofMinutes(1));

    assertThat(it.genesys.held()).isEmpty();
    assertThat(it.mount.clients().names()).isEmpty();
    // What may do harm goes before what only lies there.
    assertThat(it.genesys.calls().subList(0, KEYS.size())).containsOnly("replace");
  }

  @Test
  void live_on_where_their_turn_has_not_come_when_it_is_called_off() throws Exception {
    it.genesys.doAt("replace", this::callOff);

    it.runFor(Duration.ofMinutes(1));

    assertThat(it.genesys.held()).hasSize(KEYS.size() - 1);
    for (var key : KEYS.subList(1, KEYS.size())) {
      assertThat(it.genesys.held()).containsKey(client(key));
      assertThat(it.mount.client(new ClientKey(key)).get().orElseThrow().state())
          .isEqualTo(State.ISSUED);
    }
  }

  @Test
  void live_on_most_of_them_where_genesys_was_away_until_it_was_called_off() throws Exception {
    for (int i = 0; i < 100; i++) {
      it.genesys.beAway("replace");
    }
    it.runFor(Duration.ofMinutes(1));
    it.genesys.mend();
    callOff();

    it.runFor(Duration.ofMinutes(1));

    // Each try after a pause takes one more.
    assertThat(it.genesys.held()).hasSizeGreaterThan(KEYS.size() / 2);
  }

  private void callOff() {
    it.storage.delete("drain");
  }

  private static ClientId client(String key) {
    return new ClientId("client-of-" + key);
  }
}
