package dev.genesysvault.domain;

import java.util.List;
import java.util.stream.Stream;

/**
 * What keeps something from being done, as an operator is told, once for each that is another one.
 *
 * @param text sentences for people; empty for nothing
 * @param fields what tells it from others: what was met and what was said around it, without what
 *     is of a single request, such as its correlation id
 */
public record Trouble(String text, List<Object> fields) {
  /** Nothing is in the way. */
  public static final Trouble NONE = of("");

  /** Copies the fields. */
  public Trouble {
    fields = List.copyOf(fields);
  }

  /** Returns one that is as it is said. */
  public static Trouble of(String text) {
    return new Trouble(text, List.of(text));
  }

  /** Whether nothing is in the way. */
  public boolean isNone() {
    return text.isEmpty();
  }

  /** Whether an operator who knows of the other one need not be told of this. */
  public boolean isSameAs(Trouble other) {
    return fields.equals(other.fields);
  }

  /** Returns this with words before it. */
  public Trouble after(String words) {
    return new Trouble(words + text, Stream.concat(Stream.of(words), fields.stream()).toList());
  }

  /** Returns this with words behind it. */
  public Trouble then(String words) {
    return new Trouble(text + words, Stream.concat(fields.stream(), Stream.of(words)).toList());
  }
}
