package dev.genesysvault.engine.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageTest {
  private static final List<String> KEYS = List.of("0", "A", "_", "a", "a-1", "ab", "b/", "c");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          none  | none                | 0 A _ a a-1 ab b/ c
          ''    | none                | 0 A _ a a-1 ab b/ c
          ''    | 0                   | 0 A _ a a-1 ab b/ c
          none  | -1                  | 0 A _ a a-1 ab b/ c
          none  | 8                   | 0 A _ a a-1 ab b/ c
          none  | 1000000000000000000 | 0 A _ a a-1 ab b/ c
          none  | 1                   | 0
          0     | 2                   | A _
          A     | 2                   | _ a
          a     | none                | a-1 ab b/ c
          aa    | 2                   | ab b/
          b     | none                | b/ c
          b/    | none                | c
          ab/   | 1                   | b/
          c     | 3                   | ''
          z     | none                | ''
          ' '   | 1                   | 0
          é     | none                | ''
          😀    | 5                   | ''
          """)
  void has_the_keys_after_one_of_them_and_no_more_than_its_limit(
      String after, Long limit, String keys) {
    assertThat(String.join(" ", page(after, limit).of(KEYS))).isEqualTo(keys);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8", "9"})
  void follows_the_one_before_without_a_gap(long limit) {
    var seen = new ArrayList<String>();
    var page = page("", limit).of(KEYS);
    while (!page.isEmpty() && seen.size() <= KEYS.size()) {
      seen.addAll(page);
      page = page(page.getLast(), limit).of(KEYS);
    }

    assertThat(seen).isEqualTo(KEYS);
  }

  @Test
  void goes_by_bytes_whatever_the_storage_goes_by() {
    // U+FF5E is below U+1F600, and its UTF-16 unit above those of the other.
    assertThat(page("~", 0L).of(List.of("😀", "～", "a", "é"))).containsExactly("é", "～", "😀");
    assertThat(page("～", 0L).of(List.of("😀", "～"))).containsExactly("😀");
  }

  @Test
  void may_be_larger_than_any_number_that_the_plugin_sends() {
    var limits = Map.<String, Object>of("limit", new BigInteger("9".repeat(30)));
    var negative = Map.<String, Object>of("limit", new BigInteger("-" + "9".repeat(30)));

    assertThat(Page.of(new Fields(limits, Map.of())).of(KEYS)).isEqualTo(KEYS);
    assertThat(Page.of(new Fields(negative, Map.of())).of(KEYS)).isEqualTo(KEYS);
  }

  @Test
  void of_another_size_than_a_number_is_refused_by_its_name() {
    assertThatThrownBy(() -> Page.of(new Fields(Map.of("limit", "many"), Map.of())))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("limit");
    assertThatThrownBy(() -> Page.of(new Fields(Map.of("after", List.of("a")), Map.of())))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("after");
  }

  private static Page page(String after, Long limit) {
    var sent = new HashMap<String, Object>();
    sent.put("after", after);
    sent.put("limit", limit);
    return Page.of(new Fields(sent, Map.of()));
  }
}
