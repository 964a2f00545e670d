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

  private long lists() {
    return it.genesys.calls().stream().filter("list"::equals).count();
  }

  /** One record whose create may have made something, and one whose end the process dies in. */
  private void lostAndDying() throws InterruptedException {
    it.mount.client(new ClientKey("lost")).put(it.creating("lost"));
    it.time.advance(Duration.ofMinutes(10));
    it.retiring("bbb");
    it.genesys.doAt("delete", () -> die("genesys"));
  }

  @Test
  void a_list_that_was_being_read_when_it_died_is_left_alone_for_a_while() throws Exception {
    lostAndDying();
    it.genesys.reading = _ -> {};
    poison.add("genesys");
    runToItsDeath();
    assertThat(it.suspects()).contains("search for clients");
    poison.clear();
    it.genesys.reading = Runnable::run;
    it.genesys.forgetCalls();

    it.runFor(Duration.ofMillis(500));
    assertThat(lists()).isZero();
    it.runFor(Duration.ofSeconds(2));
    assertThat(lists()).isPositive();
    assertThat(isLeft("lost")).isFalse();
    assertThat(it.suspects()).isEmpty();
  }

  @Test
  void a_list_that_was_read_to_its_end_is_not_suspected() throws Exception {
    lostAndDying();
    poison.add("genesys");
    runToItsDeath();
    assertThat(it.suspects()).containsExactly("delete client bbb");
  }

  @Test
  void a_list_of_a_session_that_was_given_up_is_not_suspected() throws Exception {
    lostAndDying();
    it.genesys.reading = _ -> {};
    it.runFor(Duration.ofMinutes(1));
    assertThat(it.suspects()).isEmpty();
  }

  @Test
  void a_list_that_a_leaked_client_waits_for_is_left_alone_for_ten_seconds_at_most()
      throws Exception {
    lostAndDying();
    var leaked = new ClientKey("lost");
    it.mount.client(leaked).put(it.mount.client(leaked).get().orElseThrow().leaked());
    it.genesys.reading = _ -> die("list");
    poison.add("list");
    for (int i = 0; i < 5; i++) {
      runToItsDeath();
    }
    poison.clear();
    it.genesys.reading = Runnable::run;
    it.runFor(Duration.ofSeconds(9));
    assertThat(lists()).isZero();
    it.runFor(Duration.ofSeconds(12));
    assertThat(lists()).isPositive();
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
