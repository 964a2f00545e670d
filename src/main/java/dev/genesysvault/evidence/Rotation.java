package dev.genesysvault.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One rotation of a static role, as {@code history/<role>/<id>} shows it. Times are texts as Vault
 * has them; empty for none.
 *
 * @param askedBy each who asked, as a sentence; empty for the schedule
 */
record Rotation(
    String role,
    String id,
    String reason,
    String asked,
    List<String> askedBy,
    List<String> requests,
    String from,
    String to,
    String switched,
    List<String> checks,
    String handedOver,
    String deactivated,
    String deleted,
    boolean released,
    List<String> late) {

  static Rotation of(String role, String id, JsonNode data) {
    return new Rotation(
        role,
        id,
        data.path("reason").asText(),
        data.path("asked_time").asText(),
        Stream.iterate(0, i -> i < data.path("asked_by").size(), i -> i + 1)
            .map(i -> asker(data.path("asked_by").path(i)))
            .toList(),
        texts(data.path("request_ids")),
        data.path("from").asText(),
        data.path("to").asText(),
        data.path("switched_time").asText(),
        texts(data.path("checks")),
        data.path("former_handed_over_time").asText(),
        data.path("former_deactivated_time").asText(),
        data.path("former_deleted_time").asText(),
        data.path("former_released").asBoolean(),
        texts(data.path("late")));
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  private static String asker(JsonNode asker) {
    return "%s by %s at %s, entity %s, request %s"
        .formatted(
            asker.path("wish").asText(),
            asker.path("display_name").asText(),
            asker.path("time").asText(),
            orNone(asker.path("entity_id").asText()),
            orNone(asker.path("request_id").asText()));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  /** Returns who asked for it, or that its schedule did. */
  List<String> askers() {
    return askedBy.isEmpty() && (reason.equals("scheduled") || reason.equals("missed"))
        ? List.of("schedule")
        : askedBy;
  }

  /** Whether its former client has not come to its end, as far as is known. */
  boolean open() {
    return !from.isEmpty() && !switched.isEmpty() && deleted.isEmpty();
  }

  /** Whether nothing of it happened at that time or later. */
  boolean overBefore(Instant time) {
    return !open()
        && Stream.of(asked, switched, deactivated, deleted)
            .flatMap(text -> time(text).stream())
            .allMatch(time::isAfter);
  }

  private static Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
