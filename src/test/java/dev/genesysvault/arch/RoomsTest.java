package dev.genesysvault.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The table of rooms in {@code DEVELOPERS.md} is the rule: each room uses those that the table says
 * and no other, and only such as stand above it.
 */
final class RoomsTest {
  private static final String BASE = "dev.genesysvault";

  /** What is generated from {@code proto/}. */
  private static final String CONTRACT = "proto";

  private static final String ASSEMBLY = "assembly";

  /**
   * A line of the table.
   *
   * @param uses as the table says
   */
  private record Room(String name, Set<String> uses) {}

  private static List<Room> table() throws IOException {
    var rooms = new ArrayList<Room>();
    var lines = Files.readAllLines(Path.of("DEVELOPERS.md"));
    int begin = lines.indexOf("| room | what is in it | uses |");
    assertThat(begin).as("the table of rooms in DEVELOPERS.md").isNotNegative();
    for (var line : lines.subList(begin + 2, lines.size())) {
      if (!line.startsWith("|")) {
        break;
      }
      var cells = line.split("\\|", -1);
      var uses = new TreeSet<String>();
      for (var word : cells[3].replace("`", "").split("[ ,]+", -1)) {
        if (!word.isBlank()) {
          uses.add(word);
        }
      }
      rooms.add(new Room(cells[1].replace("`", "").strip(), uses));
    }
    return rooms;
  }

  private static String room(String packageName) {
    if (packageName.equals(BASE)) {
      return ASSEMBLY;
    }
    var name = packageName.substring(BASE.length() + 1);
    return name.startsWith(CONTRACT) ? CONTRACT : name;
  }

  private static Map<String, Set<String>> arrows() {
    var arrows = new TreeMap<String, Set<String>>();
    var classes =
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(BASE);
    for (var each : classes) {
      var from = room(each.getPackageName());
      if (!from.equals(CONTRACT)) {
        arrows.computeIfAbsent(from, _ -> new TreeSet<>()).addAll(uses(each, from));
      }
    }
    return arrows;
  }

  private static Set<String> uses(JavaClass type, String from) {
    var uses = new TreeSet<String>();
    for (var dependency : type.getDirectDependenciesFromSelf()) {
      var target = dependency.getTargetClass().getPackageName();
      if (target.startsWith(BASE) && !room(target).equals(from)) {
        uses.add(room(target));
      }
    }
    return uses;
  }

  @Test
  void every_room_uses_what_the_table_says_and_nothing_else() throws Exception {
    var said = new TreeMap<String, Set<String>>();
    table().forEach(room -> said.put(room.name(), room.uses()));

    var found = arrows();
    var rooms = new TreeSet<>(said.keySet());
    rooms.addAll(found.keySet());
    var differences =
        rooms.stream()
            .filter(room -> !Objects.equals(found.get(room), said.get(room)))
            .map(room ->
                "%s uses %s; the table says %s".formatted(room, found.get(room), said.get(room)))
            .toList();
    assertThat(differences).as("to be changed in the table of rooms, or in the code").isEmpty();
  }

  @Test
  void no_arrow_runs_up() throws Exception {
    var above = new TreeSet<>(Set.of(CONTRACT));
    var wrong = new LinkedHashMap<String, Set<String>>();
    for (var room : table()) {
      var up = new TreeSet<>(room.uses());
      up.removeAll(above);
      if (!up.isEmpty()) {
        wrong.put(room.name(), up);
      }
      above.add(room.name());
    }
    assertThat(wrong).isEmpty();
  }
}
