package dev.genesysvault.engine.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.FieldType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FieldLimitsTest {
  private static final String TABLE_BEGINS =
      "<!-- every field of every path, from the descriptor -->\n";
  private static final String TABLE_ENDS = "<!-- end -->";
  private static final Path DOCS = Path.of("docs/limits.md");
  private static final String RENEW = "mvn test -Dexec.skip -Dtest=FieldLimitsTest -Dgolden.update";

  private final EngineDescriptor descriptor = EngineDescriptor.current();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config     | {"api_url":"REPEAT"}                       | api_url has 3000 bytes; at most 2048 are allowed
          config     | {"ttl":"REPEAT"}                           | ttl has 3000 bytes; at most 256 are allowed
          roles/name | {"client_properties":{"a":DEEP}}           | client_properties is nested 31 deep; at most 16 are allowed
          roles/name | {"client_properties":{"a":ABYSS}}          | client_properties is nested more than 64 deep
          roles/name | {"client_properties":{"a":DIGITS}}         | holds a number of more than 64 characters
          roles/name | {"client_properties":{"a":1e999}}          | client_properties holds a number that is too large
          roles/name | {"metadata":{"a":{"b":"c"}}}               | metadata is nested 2 deep; at most 1 are allowed
          roles/name | {"role_divisions":[MANY]}                  | role_divisions has 1001 items; at most 1000 are allowed
          roles/name | {"metadata":{"k":"REPEAT","l":"REPEAT","m":"REPEAT","n":"REPEAT","o":"REPEAT","p":"REPEAT"}} | metadata has 18044 bytes; at most 16384 are allowed
          roles/name | {"metadata":{},"metadata":{"a":{"b":"c"}}} | metadata is nested 2 deep
          roles/name | {"nobody":"knows","nobody2":ABYSS}         | nobody2 is nested more than 64 deep
          roles/name | [1]                                        | the fields are no JSON object
          roles/name | {"description":hunter2}                    | cannot be read
          roles/name | {"description":NaN}                        | cannot be read
          roles/name | {"metadata":{"a":"b"                       | cannot be read
          """)
  void what_is_too_large_is_named_with_its_size_and_its_limit(
      String path, String json, String said) {
    assertThatThrownBy(() -> descriptor.fields(path, Map.of(), bytes(json)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void a_captured_part_of_the_path_has_its_limit_too() {
    assertThatThrownBy(
            () -> descriptor.fields("roles/name", Map.of("name", "n".repeat(513)), new byte[0]))
        .hasMessage("name has 513 bytes; at most 512 are allowed");
  }

  @Test
  void what_is_just_small_enough_is_read() {
    var fields =
        descriptor.fields(
            "roles/name",
            Map.of("name", "n".repeat(512)),
            bytes("{\"metadata\":{\"a\":\"" + "ä".repeat(8_187) + "\"},\"ttl\":60}"));

    assertThat(fields.object("metadata").orElseThrow()).containsKey("a");
    assertThat(fields.seconds("ttl").orElseThrow()).hasSeconds(60);
  }

  @Test
  void no_refusal_echoes_what_it_refuses_without_end() {
    assertThat(RefusedException.badInput("x".repeat(1_000_000)).reply().message())
        .hasSizeLessThanOrEqualTo(4_000)
        .endsWith("…");
  }

  @Test
  void every_field_that_comes_in_has_its_limits() throws IOException {
    var without = new ArrayList<String>();
    engine()
        .forEach((path, fields) -> {
          for (var field : fields) {
            boolean text =
                field.getType() == FieldType.FIELD_TYPE_STRING
                    || field.getType() == FieldType.FIELD_TYPE_LOWERCASE_STRING;
            boolean limited =
                field.getMaxBytes() > 0
                    && (text || (field.getMaxItems() > 0 && field.getMaxDepth() > 0));
            if (!scalar(field) && !limited) {
              without.add(path + ": " + field.getName());
            }
          }
        });

    assertThat(without)
        .as("fields of engine.textproto to give max_bytes (and max_items, max_depth unless text)")
        .isEmpty();
  }

  @Test
  void the_table_in_the_docs_is_what_the_descriptor_says(@TempDir Path folder) throws IOException {
    var docs = Files.readString(DOCS);
    int begin = docs.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length();
    int end = docs.indexOf(TABLE_ENDS, begin);
    if (System.getProperty("golden.update") != null) {
      Files.writeString(DOCS, docs.substring(0, begin) + table() + docs.substring(end));
      return;
    }

    var said = Files.writeString(folder.resolve("said"), table());
    assertThat(said)
        .as("what the descriptor says, against the table in %s; to renew that: %s", DOCS, RENEW)
        .hasContent(docs.substring(begin, end));
  }

  private static String table() throws IOException {
    var table =
        new StringBuilder("| path | field | bytes | items | nesting |\n|---|---|---:|---:|---:|\n");
    engine()
        .forEach((path, fields) -> {
          for (var field : fields) {
            table.append(
                "| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                        path,
                        field.getName(),
                        number(scalar(field) ? FieldLimits.SCALAR_BYTES : field.getMaxBytes()),
                        number(field.getMaxItems()),
                        number(field.getMaxDepth())));
          }
        });
    return table.toString();
  }

  private static String number(int limit) {
    return limit == 0 ? "" : "%,d".formatted(limit);
  }

  private static boolean scalar(Field field) {
    return switch (field.getType()) {
      case FIELD_TYPE_INT, FIELD_TYPE_BOOL, FIELD_TYPE_DURATION_SECOND, FIELD_TYPE_TIME -> true;
      default -> false;
    };
  }

  /** The fields of each pattern, as both halves read them. */
  private static Map<String, List<Field>> engine() throws IOException {
    var engine =
        TextFormat.parse(
            Files.readString(Path.of("proto/genesysvault/v1/engine.textproto")),
            dev.genesysvault.proto.v1.Engine.class);
    var fields = new LinkedHashMap<String, List<Field>>();
    engine
        .getPathsList()
        .forEach(path -> fields.put(path.getPattern().replace("?", ""), path.getFieldsList()));
    return fields;
  }

  private static byte[] bytes(String json) {
    return json.replace("REPEAT", "x".repeat(3_000))
        .replace("DEEP", "[".repeat(30) + "]".repeat(30))
        .replace("ABYSS", "[".repeat(50_000) + "]".repeat(50_000))
        .replace("DIGITS", "9".repeat(10_000))
        .replace("MANY", "\"a:b\",".repeat(1_000) + "\"a:b\"")
        .getBytes(StandardCharsets.UTF_8);
  }
}
