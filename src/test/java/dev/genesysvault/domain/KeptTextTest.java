package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeptTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "wallboard", "M\u00fcller & S\u00f6hne", "a b c", "~!\"#{}"})
  void what_genesys_gives_back_has_no_flaw_and_stays_as_it_is(String text) {
    assertThat(KeptText.flaw(text)).isEmpty();
    assertThat(KeptText.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'ab\uD83D\uDE00c', U+1F600 at position 3
          'a\u2013b', U+2013 at position 2
          'a\u00a0b', U+00A0 at position 2
          'a\u00adb', U+00AD at position 2
          'a\tb', U+0009 at position 2
          ' a', begins or ends
          'a ', begins or ends
          'a  b', two spaces
          """)
  void a_flaw_is_named_with_its_place(String text, String named) {
    assertThat(KeptText.flaw(text.translateEscapes()))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains(named));
  }

  @Test
  void a_lone_half_of_a_character_is_a_flaw() {
    assertThat(KeptText.flaw("a\uD83D"))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("U+D83D at position 2"));
    assertThat(KeptText.of("a\uD83D")).isEqualTo("a?");
  }

  @Test
  void a_text_from_outside_keeps_what_it_can() {
    assertThat(KeptText.of(" token-\u65e5\u672c  \t(\uD83D\uDE00)\u00a0 \u0007\u200e\n"))
        .isEqualTo("token-?? (?)");
    assertThat(KeptText.flaw(KeptText.of("\u3000 \u00a0x\u2028\u2028y "))).isEmpty();
  }

  @Test
  void texts_are_the_same_in_their_ascii_part() {
    assertThat(KeptText.same("vault \uD83D\uDE00 Demo-1 ", "VAULT ?? DEMO-1")).isTrue();
    assertThat(KeptText.same("vault-demo-1", "vault-demo-2")).isFalse();
    assertThat(KeptText.same("vault-demo-1", "vault-demo")).isFalse();
  }
}
