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
 * @param askedBy each who asked, as far as that is kept; empty for the schedule
 * @param askedByOthers how many asked beside those
 * @param deleted when the former client was deleted, or found so; empty where it was not
 * @param released when it was let go, and lives on in somebody else's hands; empty where it was not
 * @param foundDeleted whether Genesys did not have it any more when it was to be ended
 */
record Rotation(
    String role,
    String id,
    String reason,
    String asked,
    List<Asker> askedBy,
    int askedByOthers,
    List<String> requests,
    String from,
    String to,
    String switched,
    List<String> checks,
    String handedOver,
    String deactivated,
    String deleted,
    String released,
    boolean foundDeleted,
    List<String> late) {
  /** Who asks for what nobody asked for. */
  static final String SCHEDULE = "schedule";

  private static final String MISSED = "missed";

  static Rotation of(String role, String id, JsonNode data) {
    return new Rotation(
        role,
        id,
        data.path("reason").asText(),
        data.path("asked_time").asText(),
        Stream.iterate(0, i -> i < data.path("asked_by").size(), i -> i + 1)
            .map(i -> Asker.of(data.path("asked_by").path(i)))
            .toList(),
        data.path("asked_by_others").asInt(),
        texts(data.path("request_ids")),
        data.path("from").asText(),
        data.path("to").asText(),
        data.path("switched_time").asText(),
        texts(data.path("checks")),
        data.path("former_handed_over_time").asText(),
        data.path("former_deactivated_time").asText(),
        data.path("former_deleted_time").asText(),
        data.path("former_released_time").asText(),
        data.path("former_found_deleted").asBoolean(),
        texts(data.path("late")));
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  /** Returns who asked for it, each as a sentence, or that its schedule did. */
  List<String> askers() {
    if (askedBy.isEmpty()) {
      return bySchedule() ? List.of(SCHEDULE) : List.of();
    }
    var sentences = new ArrayList<>(askedBy.stream().map(Asker::sentence).toList());
    if (askedByOthers > 0) {
      // The first one began it.
      sentences.add(1, "%,d others in between, who are not kept".formatted(askedByOthers));
    }
    return sentences;
  }

  /** Whether nobody asked for it. */
  boolean bySchedule() {
    return askedBy.isEmpty() && (reason.equals("scheduled") || reason.equals(MISSED));
  }

  /** Whether it took a client from readers, as a window that passed does not. */
  private boolean ends() {
    return !from.isEmpty() && !reason.equals(MISSED);
  }

  /** Whether its former client has not come to its end, as far as is known. */
  boolean open() {
    return ends() && deleted.isEmpty() && released.isEmpty();
  }

  /** Returns what became of its former client, in words; empty where there was none. */
  String formerEnd() {
    if (!ends()) {
      return "";
    }
    if (!released.isEmpty()) {
      return "let go, lives on";
    }
    if (deleted.isEmpty()) {
      return "not gone yet";
    }
    return foundDeleted ? "found deleted" : "deleted";
  }

  /** Whether nothing of it happened at that time or later. */
  boolean overBefore(Instant time) {
    return !open()
        && Stream.of(asked, switched, handedOver, deactivated, deleted, released)
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
