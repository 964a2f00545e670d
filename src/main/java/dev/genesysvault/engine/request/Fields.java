package dev.genesysvault.engine.request;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a caller sent, already coerced by Vault to the types that the descriptor
 * declares, over the defaults that it declares. A field that was not sent is absent, so that an
 * update can leave it as it is.
 */
public final class Fields {
  /** A century: whatever is reckoned from it, in nanoseconds too, stays in its bounds. */
  private static final Duration LONGEST_DURATION = Duration.ofDays(36_500);

  private final Map<String, Object> sent;
  private final Map<String, Object> defaults;

  /** Takes what was sent, and the descriptor's defaults. */
  public Fields(Map<String, Object> sent, Map<String, Object> defaults) {
    this.sent = sent;
    this.defaults = defaults;
  }

  public boolean has(String name) {
    return sent.get(name) != null;
  }

  /** Returns the names of the fields that were sent. */
  public Set<String> names() {
    return sent.keySet();
  }

  public Optional<String> text(String name) {
    return sent(name, String.class).map(String::strip);
  }

  /** Returns a text that must keep its blanks, such as a secret. */
  public Optional<String> rawText(String name) {
    return sent(name, String.class);
  }

  public Optional<Boolean> flag(String name) {
    return sent(name, Boolean.class);
  }

  public Optional<Duration> seconds(String name) {
    var seconds = sent(name, Number.class).map(Number::longValue).map(Duration::ofSeconds);
    seconds
        .filter(longer -> longer.compareTo(LONGEST_DURATION) > 0)
        .ifPresent(longer -> {
          throw RefusedException.badInput(
              "%s is %d seconds; must be at most %d"
                  .formatted(name, longer.toSeconds(), LONGEST_DURATION.toSeconds()));
        });
    seconds
        .filter(Duration::isNegative)
        .ifPresent(negative -> {
          throw RefusedException.badInput(
              "%s is %d seconds; must not be negative".formatted(name, negative.toSeconds()));
        });
    return seconds;
  }

  /** Returns a whole number; one that 64 bits do not hold as the one next to it that they do. */
  public Optional<Long> wholeNumber(String name) {
    return sent(name, Number.class)
        .map(number -> number instanceof Long ? number.longValue() : (long) number.doubleValue());
  }

  public Optional<List<Object>> list(String name) {
    return sent(name, List.class)
        .map(list -> ((List<?>) list).stream().<Object>map(Fields::orEmpty).toList());
  }

  public Optional<Map<String, Object>> object(String name) {
    return sent(name, Map.class)
        .map(map -> {
          var object = new LinkedHashMap<String, Object>();
          ((Map<?, ?>) map).forEach((key, value) -> object.put(String.valueOf(key), value));
          return object;
        });
  }

  /** A null in a list is told as what it is by whoever reads the items. */
  private static Object orEmpty(@Nullable Object item) {
    return item == null ? "" : item;
  }

  /** Returns a flag as it was sent, or as the descriptor says where it was not. */
  public boolean flagOrDefault(String name) {
    return flag(name).orElse(flagDefault(name));
  }

  /** Returns what the descriptor says of a flag that nobody sends. */
  public boolean flagDefault(String name) {
    return Boolean.TRUE.equals(defaults.get(name));
  }

  public String textDefault(String name) {
    return defaults.get(name) instanceof String text ? text : "";
  }

  private <T> Optional<T> sent(String name, Class<T> type) {
    var value = sent.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw RefusedException.badInput(
          "%s has the wrong type; must be %s".formatted(name, type.getSimpleName()));
    }
    return Optional.of(type.cast(value));
  }
}
