package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.FieldType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the descriptor says that each operation answers; a reply with anything else fails. */
final class DeclaredReplies {
  private static final String DESCRIPTOR = "/genesysvault/v1/engine.textproto";

  private final Map<String, Map<String, FieldType>> fields = new HashMap<>();

  DeclaredReplies() {
    for (var path : descriptor().getPathsList()) {
      for (var operation : path.getOperationsList()) {
        var declared = new HashMap<String, FieldType>();
        for (var response : operation.getResponsesList()) {
          for (var field : response.getFieldsList()) {
            declared.put(field.getName(), field.getType());
          }
        }
        fields.put(path.getId() + " " + operation.getOperation(), declared);
      }
    }
  }

  /** Returns the names of what an operation of a path answers. */
  Set<String> fields(String pathId, String operation) {
    return fields.getOrDefault(pathId + " " + operation, Map.of()).keySet();
  }

  /** Returns the descriptor as it was written. */
  static dev.genesysvault.proto.v1.Engine descriptor() {
    try (var resource = DeclaredReplies.class.getResourceAsStream(DESCRIPTOR)) {
      assertThat(resource).isNotNull();
      return TextFormat.parse(
          new String(resource.readAllBytes(), StandardCharsets.UTF_8),
          dev.genesysvault.proto.v1.Engine.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what a caller may send to a path, by name. */
  static Map<String, Field> sent(String pathId) {
    var sent = new HashMap<String, Field>();
    descriptor().getPathsList().stream()
        .filter(path -> path.getId().equals(pathId))
        .flatMap(path -> path.getFieldsList().stream())
        .forEach(field -> sent.put(field.getName(), field));
    return sent;
  }

  /** Fails where a reply has a field that its operation does not declare, or of another type. */
  void check(String pathId, Operation operation, Reply reply) {
    if (!(reply instanceof Reply.Content(var data, var _, var _)) || data.isEmpty()) {
      return;
    }
    var what = pathId + " " + operation.name().toLowerCase(Locale.ROOT);
    var declared = fields.getOrDefault(what, Map.of());
    assertThat(declared.keySet()).as("declared of %s", what).containsAll(data.keySet());
    data.forEach((name, value) -> {
      var type = declared.getOrDefault(name, FieldType.FIELD_TYPE_UNSPECIFIED);
      assertThat(fits(type, value)).as("%s of %s is %s: %s", name, what, type, value).isTrue();
    });
  }

  private static boolean fits(FieldType type, @Nullable Object value) {
    return switch (type) {
      case FIELD_TYPE_STRING, FIELD_TYPE_LOWERCASE_STRING, FIELD_TYPE_TIME ->
          value instanceof String;
      case FIELD_TYPE_INT, FIELD_TYPE_DURATION_SECOND ->
          value instanceof Integer || value instanceof Long;
      case FIELD_TYPE_BOOL -> value instanceof Boolean;
      case FIELD_TYPE_MAP, FIELD_TYPE_KEY_VALUE_PAIRS -> value instanceof Map;
      case FIELD_TYPE_SLICE -> value instanceof Collection;
      case FIELD_TYPE_COMMA_STRING_SLICE ->
          value instanceof Collection<?> all && all.stream().allMatch(String.class::isInstance);
      case FIELD_TYPE_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /** Returns the ids of paths that have fields which are required and not part of the path. */
  static Map<String, List<String>> required() {
    var required = new HashMap<String, List<String>>();
    for (var path : descriptor().getPathsList()) {
      var names =
          path.getFieldsList().stream()
              .filter(Field::getRequired)
              .map(Field::getName)
              .filter(name -> !path.getPattern().contains("{" + name + "}"))
              .toList();
      if (!names.isEmpty()) {
        required.put(path.getId(), names);
      }
    }
    return required;
  }
}
