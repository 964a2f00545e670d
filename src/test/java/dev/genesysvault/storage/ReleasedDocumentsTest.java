package dev.genesysvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.testing.InMemoryStorage;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every form of a document that was ever released is read, and nothing of it gets lost. {@code
 * current} holds the form that is written now; a release copies it to a folder of its own.
 */
final class ReleasedDocumentsTest {
  private static final Path GOLDEN = Path.of("src/test/golden/storage");
  private static final Path CURRENT = GOLDEN.resolve("current");
  private static final String RENEW =
      "mvn test -Dexec.skip -Dtest=ReleasedDocumentsTest -Dgolden.update";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  static Stream<Path> released() throws IOException {
    try (var files = Files.walk(GOLDEN)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  static Stream<Path> current() throws IOException {
    return released().filter(file -> file.startsWith(CURRENT));
  }

  /** Returns which document a file holds: its name up to the first word that tells cases apart. */
  private static Codec<?> codec(Path file) {
    var name = String.valueOf(file.getFileName()).replace(".json", "");
    return Stream.of(
            "config",
            "mount",
            "drain",
            "roles",
            "static-roles",
            "static-creds",
            "clients",
            "destinations",
            "alerts",
            "alert-entries",
            "decommissioned",
            "history",
            "journal")
        .filter(kind -> name.equals(kind) || name.startsWith(kind + "-"))
        .findFirst()
        .<Codec<?>>map(kind ->
            switch (kind) {
              case "config" -> MountConfig.CODEC;
              case "mount" -> MountMark.CODEC;
              case "drain" -> Drain.CODEC;
              case "roles" -> DynamicRole.CODEC;
              case "static-roles" -> StaticRole.CODEC;
              case "static-creds" -> StaticCredential.CODEC;
              case "clients" -> ClientRecord.CODEC;
              case "destinations" -> DestinationConfig.CODEC;
              case "alerts" -> AlertReceiver.CODEC;
              case "alert-entries" -> AlertEntry.CODEC;
              case "decommissioned" -> DecommissionedClient.CODEC;
              case "history" -> RecordedRotation.CODEC;
              default -> JournalEntry.CODEC;
            })
        .orElseThrow(() -> new IllegalStateException("no document is called " + file));
  }

  private static JsonNode rewritten(Path file) throws IOException {
    return JSON.readTree(rewritten(codec(file), Files.readAllBytes(file)));
  }

  private static <T> byte[] rewritten(Codec<T> codec, byte[] text) {
    return codec.encode(codec.decode("golden", text));
  }

  @ParameterizedTest
  @MethodSource("released")
  void is_read_and_written_again_without_a_loss(Path file) throws Exception {
    assertThat(lost("", JSON.readTree(file.toFile()), rewritten(file))).isEmpty();
  }

  /** Members may be added; each that was there is there, with its value. */
  private static Set<String> lost(String at, JsonNode before, JsonNode after) {
    var lost = new TreeSet<String>();
    if (before.isObject() && after.isObject()) {
      before
          .properties()
          .forEach(member ->
              lost.addAll(
                  lost(
                      at + "/" + member.getKey(), member.getValue(), after.path(member.getKey()))));
    } else if (!before.equals(after)) {
      lost.add("%s: %s became %s".formatted(at, before, after));
    }
    return lost;
  }

  @ParameterizedTest
  @MethodSource("current")
  void is_what_is_written_now(Path file, @TempDir Path folder) throws Exception {
    var now = rewritten(file);
    if (System.getProperty("golden.update") != null) {
      var text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(now);
      Files.writeString(file, text + "\n");
    }
    var written = Files.writeString(folder.resolve("written"), pretty(now));
    assertThat(written)
        .as("what is written now, against %s; to renew that: %s", file, RENEW)
        .hasContent(pretty(JSON.readTree(file.toFile())));
  }

  private static String pretty(JsonNode document) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter()
        .writeValueAsString(JSON.treeToValue(document, Object.class));
  }

  @ParameterizedTest
  @MethodSource("released")
  void has_no_member_that_this_version_does_not_know(Path file) throws Exception {
    assertThat(components(file).unknown).isEmpty();
  }

  @Test
  void current_forms_show_every_member_with_a_value() throws Exception {
    var all = new TreeSet<String>();
    var shown = new TreeSet<String>();
    for (var file : current().toList()) {
      var components = components(file);
      all.addAll(components.all);
      shown.addAll(components.shown);
    }
    all.removeAll(shown);
    assertThat(all).as("members that no file in %s shows", CURRENT).isEmpty();
  }

  private static Components components(Path file) throws IOException {
    var components = new Components();
    components.look(codec(file).decode("golden", Files.readAllBytes(file)));
    return components;
  }

  /** What a document is made of, and what of it has a value that says something. */
  private static final class Components {
    private final Set<String> all = new TreeSet<>();
    private final Set<String> shown = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();

    void look(@Nullable Object value) {
      switch (value) {
        case Record document -> {
          for (var component : document.getClass().getRecordComponents()) {
            look(document, component);
          }
        }
        case Collection<?> several -> several.forEach(this::look);
        case null, default -> {
          // Holds nothing of ours.
        }
      }
    }

    private void look(Record document, RecordComponent component) {
      var name = document.getClass().getSimpleName() + "." + component.getName();
      var value = value(document, component);
      if (component.getName().equals("unknown")) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
          unknown.add(name + ": " + map);
        }
        return;
      }
      all.add(name);
      if (says(value)) {
        shown.add(name);
      }
      look(value);
    }

    private static @Nullable Object value(Record document, RecordComponent component) {
      try {
        component.getAccessor().setAccessible(true);
        return component.getAccessor().invoke(document);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    private static boolean says(@Nullable Object value) {
      return switch (value) {
        case null -> false;
        case Boolean flag -> flag;
        case String text -> !text.isEmpty();
        case Duration length -> !length.isZero();
        case Collection<?> several -> !several.isEmpty();
        case Map<?, ?> map -> !map.isEmpty();
        case Optional<?> optional -> optional.isPresent();
        case Secret secret -> !secret.reveal().isEmpty();
        default -> true;
      };
    }
  }

  @Test
  void a_member_of_a_later_version_is_kept_in_every_document() throws Exception {
    for (var file : current().toList()) {
      var text = Files.readString(file).replaceFirst("\\{", "{\"later\":{\"a\":[1]},");
      var again =
          new String(
              rewritten(codec(file), text.getBytes(StandardCharsets.UTF_8)),
              StandardCharsets.UTF_8);
      assertThat(again).as(file.toString()).contains("\"later\":{\"a\":[1]}");
    }
  }

  @Test
  void every_entry_of_a_mount_has_a_form() throws Exception {
    var names = current().map(file -> String.valueOf(file.getFileName())).toList();
    var entries = new InMemoryStorage();
    var storage = new MountStorage(entries);
    for (var method : MountStorage.class.getDeclaredMethods()) {
      if (method.getParameterCount() == 0) {
        switch (method.invoke(storage)) {
          case Folder<?> folder -> {
            var _ = folder.names();
          }
          case Entry<?> entry -> {
            var _ = entry.get();
          }
          case List<?> _ -> {
            // The names of folders, which was asked of storage as well.
          }
          default -> throw new IllegalStateException(method + " gives no document");
        }
      }
    }
    assertThat(
            entries.operations().stream()
                .map(operation -> operation.substring(operation.indexOf(' ') + 1))
                .map(kind -> kind.replace("sealed/", "").replace("/", ""))
                .map(kind -> kind + ".json"))
        .hasSize(13)
        .isSubsetOf(names);
  }
}
