package dev.genesysvault.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientNamingTest {
  private static final Mark MARK = Orders.MARK;
  private static final ClientKey KEY = Orders.KEY;
  private static final String PROOF = MARK + "-" + KEY + "-";

  @ParameterizedTest
  @ValueSource(strings = {"vault-demo-", "", "?-", "  two  words -", "99 letters and \uD83D-"})
  void a_client_is_recognized_whatever_its_name_begins_with(String start) {
    assertThat(ClientNaming.isOurs(start + PROOF + "1", MARK, KEY)).isTrue();
    assertThat(ClientNaming.isAttempt(start + PROOF + "1", MARK, KEY, 1)).isTrue();
    assertThat(ClientNaming.keyIn(start + PROOF + "1", MARK)).contains(KEY);
  }

  @Test
  void a_client_is_recognized_without_regard_to_case() {
    var name = ("vault-" + PROOF + "2").toUpperCase(Locale.ROOT);

    assertThat(ClientNaming.isOurs(name, MARK, KEY)).isTrue();
    assertThat(ClientNaming.isAttempt(name, MARK, KEY, 2)).isTrue();
    assertThat(ClientNaming.keyIn(name, MARK)).contains(KEY);
  }

  @Test
  void an_attempt_is_recognized_by_its_whole_number() {
    var tenth = ClientNaming.name("vault", MARK, KEY, 10).value();

    assertThat(ClientNaming.isAttempt(tenth, MARK, KEY, 10)).isTrue();
    assertThat(ClientNaming.isAttempt(tenth, MARK, KEY, 1)).isFalse();
    assertThat(ClientNaming.isAttempt(tenth + " (kept)", MARK, KEY, 10)).isTrue();
    assertThat(ClientNaming.isAttempt("vault-" + PROOF, MARK, KEY, 1)).isFalse();
  }

  @Test
  void a_client_of_another_key_or_mount_is_not_recognized() {
    var name = ClientNaming.name("vault", MARK, KEY, 1).value();

    assertThat(ClientNaming.isOurs(name, MARK, ClientNaming.keyOf("request-2"))).isFalse();
    assertThat(ClientNaming.isOurs(name, new Mark("fedcba9876543210"), KEY)).isFalse();
    assertThat(ClientNaming.keyIn(name, new Mark("fedcba9876543210"))).isEmpty();
  }

  @Test
  void a_mark_or_key_is_not_part_of_a_longer_one() {
    assertThat(ClientNaming.isOurs("x0" + PROOF + "1", MARK, KEY)).isFalse();
    assertThat(ClientNaming.keyIn("x0" + PROOF + "1", MARK)).isEmpty();
    assertThat(ClientNaming.isOurs("x-" + MARK + "-" + KEY + "0-1", MARK, KEY)).isFalse();
  }

  @ValueSource(strings = {"", "-", "%s", "%s-", "%s--1", "%s-key", "%s-k y-1", "%s-\u00e9-1"})
  @ParameterizedTest
  void a_name_without_a_whole_key_has_none(String name) {
    assertThat(ClientNaming.keyIn(name.formatted(MARK), MARK)).isEmpty();
  }
}
