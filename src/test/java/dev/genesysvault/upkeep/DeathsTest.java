package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session does whose process died in the midst of a step before. */
final class DeathsTest {
  private final UpkeepHarness it = new UpkeepHarness();
  private final Set<String> poison = new HashSet<>();

  @BeforeEach
  void configure() throws Exception {
    it.configured();
  }

  private void die(String what) {
    if (poison.contains(what)) {
      throw new OutOfMemoryError("for the test");
    }
  }

  private void runToItsDeath() {
    it.storage.before("get clients/aaa", () -> die("aaa"));
    it.storage.before("list journal/", () -> die("journal"));
    assertThatThrownBy(() -> it.background.run(it.records, it::acting))
        .isInstanceOf(OutOfMemoryError.class);
    it.restart();
  }

  private boolean isLeft(String key) throws InterruptedException {
    return it.mount.client(new ClientKey(key)).get().isPresent();
  }

  @Test
  void the_rest_is_read_and_worked_on_before_the_records_it_died_of() throws Exception {
    for (int i = 0; i < 200; i++) {
      it.retiring("k%03d".formatted(i));
    }
    it.retiring("aaa");
    poison.add("aaa");
    runToItsDeath();
    assertThat(it.storage.operations()).doesNotContain("get clients/k199");
    it.storage.forgetOperations();
    runToItsDeath();

    assertThat(it.storage.operations()).containsSubsequence("get clients/k199", "get clients/aaa");
    poison.clear();
    it.locks.interruptAt(it.time.now().plus(Duration.ofMinutes(10)));
    it.background.run(it.records, it::acting);
    assertThat(it.mount.clients().names()).isEmpty();
  }

  @Test
  void a_client_it_died_of_waits_while_others_are_ended() throws Exception {
    it.retiring("aaa");
    it.retiring("bbb");
    it.genesys.doAt("replace", () -> die("genesys"));
    poison.add("genesys");
    runToItsDeath();
    poison.clear();
    it.runFor(Duration.ofMillis(500));
    assertThat(isLeft("bbb")).isFalse();
    assertThat(isLeft("aaa")).isTrue();
    it.runFor(Duration.ofSeconds(2));
    assertThat(isLeft("aaa")).isFalse();
  }

  @Test
  void a_journal_it_died_of_waits_while_clients_are_ended() throws Exception {
    it.issue();
    it.journal(Orders.KEY, it.clientId(), Orders.MARK);
    it.retiring("bbb");
    poison.add("journal");
    runToItsDeath();
    poison.clear();
    it.runFor(Duration.ofMillis(500));
    assertThat(isLeft("bbb")).isFalse();
    assertThat(it.mount.journal().names()).isNotEmpty();
    it.runFor(Duration.ofMinutes(10));
    assertThat(it.mount.journal().names()).isEmpty();
  }

  @Test
  void a_clock_that_is_put_back_lets_nobody_wait_for_a_day() throws Exception {
    it.retiring("aaa");
    it.genesys.doAt("replace", () -> die("genesys"));
    poison.add("genesys");
    runToItsDeath();
    poison.clear();
    it.locks.meanwhile(() -> {
      it.time.setAhead(Duration.ofDays(-1));
      it.locks.interruptAt(it.time.now().plus(Duration.ofSeconds(2)));
    });
    it.runFor(Duration.ofHours(1));
    assertThat(isLeft("aaa")).isFalse();
  }
}
