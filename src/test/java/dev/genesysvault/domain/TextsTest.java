package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TextsTest {
  @Test
  void a_cut_ends_between_characters() {
    assertThat(Texts.cut("abc", 3)).isEqualTo("abc");
    assertThat(Texts.cut("abcd", 3)).isEqualTo("ab…");
    assertThat(Texts.cut("a😀bc", 3)).isEqualTo("a…");
    assertThat(Texts.cut("a😀bc", 4)).isEqualTo("a😀…");
  }

  @Test
  void slashes_at_the_end_go_and_no_others() {
    assertThat(Texts.withoutTrailingSlashes("/a/b//")).isEqualTo("/a/b");
    assertThat(Texts.withoutTrailingSlashes("///")).isEmpty();
    assertThat(Texts.withoutTrailingSlashes("")).isEmpty();
  }

  @Test
  void slashes_at_either_end_go_and_those_inside_stay() {
    assertThat(Texts.withoutSlashes("//a/b/")).isEqualTo("a/b");
    assertThat(Texts.withoutSlashes("///")).isEmpty();
    assertThat(Texts.withoutSlashes("")).isEmpty();
    assertThat(Texts.trimmed("--a-b-", c -> c == '-')).isEqualTo("a-b");
  }

  @Test
  void a_split_keeps_empty_parts_and_stops_where_it_is_told() {
    assertThat(Texts.split("", ',', 9)).containsExactly("");
    assertThat(Texts.split(",a,,b,", ',', 9)).containsExactly("", "a", "", "b", "");
    assertThat(Texts.split("a,b,c", ',', 2)).containsExactly("a", "b,c");
  }

  @Test
  void of_many_things_some_are_shown() {
    assertThat(Texts.some(List.of(1, 2))).isEqualTo("[1, 2]");
    assertThat(Texts.some(Collections.nCopies(1_010, "x")))
        .isEqualTo("[x, x, x, x, x, x, x, x, x, x] and 1,000 more");
  }

  @Test
  void letters_and_digits_are_those_of_ascii() {
    assertThat("azAZ09".chars().allMatch(Texts::isLetterOrDigit)).isTrue();
    assertThat("äß٣-_".chars().noneMatch(Texts::isLetterOrDigit)).isTrue();
    assertThat(Texts.consistsOf("12", 1, 2, Texts::isDigit)).isTrue();
    assertThat(Texts.consistsOf("123", 1, 2, Texts::isDigit)).isFalse();
    assertThat(Texts.consistsOf("", 1, 2, Texts::isDigit)).isFalse();
  }

  @Test
  void somebody_elses_text_is_shown_in_one_line_and_in_its_own_direction() {
    assertThat(Texts.printable("a\u0000b\r\nc\u202ed\u2028e", 100)).isEqualTo("a b  c d e");
    assertThat(Texts.printable("long", 3)).isEqualTo("lo…");
  }
}
