package dev.genesysvault.engine.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The part of a list that its caller asked for, as OpenBao means {@code after} and {@code limit}.
 *
 * @param after the key that the first one follows, which need not be there; empty for the beginning
 * @param limit how many keys come at the most; all of them where it is not positive
 */
record Page(String after, long limit) {
  /** Storage sorts by bytes. Surrogates are above other UTF-16 units where their bytes are not. */
  private static final Comparator<String> BY_BYTES =
      (one, other) -> Arrays.compareUnsigned(bytes(one), bytes(other));

  /** Returns the page that these fields name. */
  static Page of(Fields fields) {
    return new Page(fields.rawText("after").orElse(""), fields.wholeNumber("limit").orElse(0L));
  }

  /** Returns those of the keys that are on this page, in their order. */
  List<String> of(List<String> keys) {
    var following = keys.stream().filter(this::follows).sorted(BY_BYTES);
    return (limit > 0 ? following.limit(limit) : following).toList();
  }

  private boolean follows(String key) {
    return BY_BYTES.compare(key, after) > 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
