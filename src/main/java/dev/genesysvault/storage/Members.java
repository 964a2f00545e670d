package dev.genesysvault.storage;

import dev.genesysvault.domain.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a stored document, taken out one by one; what is left at the end is unknown to
 * this version and must survive the next write.
 */
final class Members {
  /** The version that this engine writes, and the newest that it reads. */
  static final int VERSION = 1;

  private final Map<String, Object> left;

  private Members(Map<String, Object> members) {
    this.left = new LinkedHashMap<>(members);
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException if it is none, or one of a newer version
   */
  static Members of(byte[] json) {
    var members = new Members(Json.read(json));
    if (!(members.left.remove("version") instanceof Integer version) || version < 1) {
      throw new IllegalArgumentException("it has no version");
    }
    if (version > VERSION) {
      throw new IllegalArgumentException(
          "its version is %d, and this sidecar reads up to %d: upgrade the sidecar"
              .formatted(version, VERSION));
    }
    return members;
  }

  String text(String member) {
    return optional(member, String.class)
        .orElseThrow(() -> new IllegalArgumentException(member + " is missing"));
  }

  String textOr(String member, String otherwise) {
    return optional(member, String.class).orElse(otherwise);
  }

  boolean flag(String member) {
    return optional(member, Boolean.class).orElse(false);
  }

  Duration seconds(String member) {
    return optional(member, Number.class)
        .map(number -> Duration.ofSeconds(number.longValue()))
        .orElse(Duration.ZERO);
  }

  Optional<Integer> number(String member) {
    return optional(member, Number.class).map(Number::intValue);
  }

  Optional<Instant> instant(String member) {
    return optional(member, String.class).map(text -> parse(member, text));
  }

  boolean has(String member) {
    return left.containsKey(member);
  }

  /** Returns the addresses that two members hold; null where one of them is missing. */
  @Nullable Endpoint endpoint(String api, String login) {
    var apiUrl = textOr(api, "");
    var loginUrl = textOr(login, "");
    return apiUrl.isEmpty() || loginUrl.isEmpty()
        ? null
        : new Endpoint(URI.create(apiUrl), URI.create(loginUrl));
  }

  List<String> texts(String member) {
    return optional(member, List.class)
        .map(list -> ((List<?>) list).stream().map(String::valueOf).toList())
        .orElse(List.of());
  }

  Map<String, Object> object(String member) {
    return optional(member, Map.class)
        .map(map -> asObject(member, map))
        .orElseGet(LinkedHashMap::new);
  }

  /** Returns the members of an object; empty where there is none. */
  Optional<Members> in(String member) {
    return Optional.of(object(member)).filter(object -> !object.isEmpty()).map(Members::new);
  }

  /** Returns what each object of a list becomes. */
  <E> List<E> list(String member, Function<Members, E> read) {
    return optional(member, List.class)
        .map(list ->
            ((List<?>) list)
                .stream().map(item -> read.apply(new Members(asObject(member, item)))).toList())
        .orElse(List.of());
  }

  private static Map<String, Object> asObject(String member, @Nullable Object item) {
    if (!(item instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(member + " holds what is no object");
    }
    var object = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> object.put(String.valueOf(key), value));
    return object;
  }

  <E> E choice(String member, Function<String, E> parse) {
    return parse.apply(text(member));
  }

  /** Returns what nobody took. */
  Map<String, Object> rest() {
    return left;
  }

  private <T> Optional<T> optional(String member, Class<T> type) {
    var value = left.remove(member);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(member + " is no " + type.getSimpleName());
    }
    return Optional.of(type.cast(value));
  }

  private static Instant parse(String member, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(member + " is no time");
    }
  }
}
