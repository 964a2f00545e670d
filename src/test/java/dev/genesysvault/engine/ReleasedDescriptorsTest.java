package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.genesysvault.proto.v1.Engine;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.Path;
import dev.genesysvault.testing.ReleasedForms;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A plugin of every release finds in this sidecar what its descriptor promises. */
final class ReleasedDescriptorsTest {
  static List<String> releases() throws IOException {
    return ReleasedForms.releases();
  }

  @Test
  void every_release_is_kept_as_a_whole_and_served() throws IOException {
    var releases = releases();

    assertThat(releases).isNotEmpty();
    assertThat(EngineDescriptor.RELEASES).containsExactlyInAnyOrderElementsOf(releases);
    assertThat(ReleasedForms.folders(ReleasedForms.SERVED)).isEqualTo(releases);
    assertThat(ReleasedForms.folders(ReleasedForms.DOCUMENTS))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("current"), releases.stream()).toList());
  }

  /** What had to go all the same; docs/decisions.md says why. */
  private static final Set<String> TAKEN_BACK =
      Set.of(
          "path creds/name read: answer 200: field metadata is gone",
          "path static-creds/name read: answer 200: field metadata is gone");

  @ParameterizedTest
  @MethodSource("releases")
  void the_sidecar_brings_along_what_the_plugin_of_a_release_embeds(String release)
      throws IOException {
    var kept = ReleasedForms.descriptor(release);

    assertThat(Files.readAllBytes(ReleasedForms.SERVED.resolve(release + "/engine.textproto")))
        .isEqualTo(kept);
    assertThat(EngineDescriptor.served())
        .extracting(EngineDescriptor::sha256)
        .startsWith(EngineDescriptor.current().sha256())
        .doesNotHaveDuplicates()
        .contains(EngineDescriptor.parse(kept).sha256());
  }

  @ParameterizedTest
  @MethodSource("releases")
  void the_current_one_only_adds_to_it(String release) throws IOException {
    assertThat(
            DescriptorChanges.breaking(ReleasedForms.engine(release), DeclaredReplies.descriptor()))
        .isSubsetOf(TAKEN_BACK);
  }

  private static final String FORMER =
      """
      records_prefix: "clients/"
      paths {
        id: "p" pattern: "p" existence_key: "p" issues: "s"
        fields { name: "a" type: FIELD_TYPE_STRING max_bytes: 9 default_json: "1" allowed_json: "1" }
        fields { name: "b" type: FIELD_TYPE_MAP max_bytes: 9 max_items: 8 max_depth: 7 }
        operations {
          operation: "read"
          responses { http_status: 200 fields { name: "c" type: FIELD_TYPE_INT } }
        }
      }
      special_paths { seal_wrapped: "x/" }
      secret_types { id: "s" renewable: true journal_key: "j/{k}" fields { name: "d" } }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          records_prefix: "clients/"                | records_prefix: "c/"        | engine: records_prefix is "c/"; it was "clients/"
          id: "p"                                   | id: "q"                     | path p is gone
          pattern: "p"                              | pattern: "q"                | path p: pattern is "q"; it was "p"
          existence_key: "p"                        | existence_key: "q"          | path p: existence_key is "q"; it was "p"
          issues: "s"                               | issues: "t"                 | path p: issues is "t"; it was "s"
          name: "a" type: FIELD_TYPE_STRING         | name: "e"                   | path p: field a is gone
          name: "a" type: FIELD_TYPE_STRING         | name: "a"                   | path p: type of a is "FIELD_TYPE_UNSPECIFIED"; it was "FIELD_TYPE_STRING"
          name: "a"                                 | name: "a" required: true    | path p: field a is required
          default_json: "1"                         | default_json: "2"           | path p: default of a is "2"; it was "1"
          allowed_json: "1"                         | allowed_json: "2"           | path p: field a allows [2]; it allowed [1]
          name: "b"                                 | name: "b" allowed_json: "1" | path p: field b allows [1]; it allowed any
          max_bytes: 9 max_items                    | max_bytes: 8 max_items      | path p: max_bytes of b is 8; it was 9
          max_items: 8                              | max_items: 7                | path p: max_items of b is 7; it was 8
          max_depth: 7                              | max_depth: 6                | path p: max_depth of b is 6; it was 7
          fields { name: "b"                        | fields { name: "n" required: true } fields { name: "b" | path p: field n is required
          operation: "read"                         | operation: "list"           | path p: operation read is gone
          http_status: 200                          | http_status: 201            | path p read: answer 200: field c is gone
          name: "c" type: FIELD_TYPE_INT            | name: "c"                   | path p read: answer 200: type of c is "FIELD_TYPE_UNSPECIFIED"; it was "FIELD_TYPE_INT"
          seal_wrapped: "x/"                        | root: "x/"                  | special path seal_wrapped x/ is gone
          id: "s"                                   | id: "t"                     | secret type s is gone
          renewable: true                           | renewable: false            | secret type s: renewable is "false"; it was "true"
          journal_key: "j/{k}"                      | journal_key: "l/{k}"        | secret type s: journal_key is "l/{k}"; it was "j/{k}"
          name: "d"                                 | name: "e"                   | secret type s: field d is gone
          """)
  void what_breaks_an_older_plugin_is_noticed(String before, String after, String said)
      throws Exception {
    assertThat(FORMER).contains(before);

    assertThat(DescriptorChanges.breaking(engine(FORMER), engine(FORMER.replace(before, after))))
        .contains(said);
  }

  @Test
  void what_is_added_or_widened_or_said_in_other_words_breaks_nothing() throws Exception {
    var later =
        engine(FORMER).toBuilder()
            .setHelp("In other words.")
            .addPaths(Path.newBuilder().setId("new").addFields(Field.newBuilder().setName("n")));
    later
        .getPathsBuilder(0)
        .addFields(Field.newBuilder().setName("n").setDefaultJson("true"))
        .addPrefetch("p")
        .getFieldsBuilder(1)
        .setMaxBytes(10)
        .setDescription("In other words.");
    later.getPathsBuilder(0).getFieldsBuilder(0).addAllowedJson("2");

    assertThat(DescriptorChanges.breaking(engine(FORMER), later.build())).isEmpty();
  }

  private static Engine engine(String text) throws TextFormat.ParseException {
    return TextFormat.parse(text, Engine.class);
  }
}
