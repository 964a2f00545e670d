package dev.genesysvault.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents that lead through the code name files that exist. */
final class NamedFilesTest {
  private static final List<Path> DOCUMENTS =
      List.of(
          Path.of("docs/architecture.md"), Path.of("docs/extending.md"), Path.of("docs/faults.md"));
  private static final Pattern FILE =
      Pattern.compile("`([a-zA-Z][\\w./-]*\\.(?:java|go|proto|textproto|md|json|patch))`");
  private static final List<Path> ROOTS =
      List.of(
          Path.of(""),
          Path.of("docs"),
          Path.of("src/main/java/dev/genesysvault"),
          Path.of("src/test/java/dev/genesysvault"),
          Path.of("src/test/mutations"));

  @Test
  void every_file_that_a_document_names_exists() throws IOException {
    for (var document : DOCUMENTS) {
      var named = FILE.matcher(Files.readString(document)).results().toList();
      assertThat(named).as(document.toString()).hasSizeGreaterThan(10);
      var missing = new TreeSet<String>();
      for (var name : named) {
        var path = name.group(1);
        if (ROOTS.stream().noneMatch(root -> Files.isRegularFile(root.resolve(path)))) {
          missing.add(path);
        }
      }
      assertThat(missing).as(document.toString()).isEmpty();
    }
  }
}
