package dev.genesysvault.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file has one idea; one that grows longer than this has a second. */
final class FileSizesTest {
  private static final int LONGEST_MAIN = 350;
  private static final int LONGEST_TEST = 500;

  @Test
  void no_file_is_longer_than_the_house_allows() throws IOException {
    assertThat(longerThan(LONGEST_MAIN, Path.of("src/main/java"))).isEmpty();
    assertThat(longerThan(LONGEST_TEST, Path.of("src/test/java"))).isEmpty();
  }

  @Test
  void every_package_says_what_lives_there_and_is_null_marked() throws IOException {
    var unmarked = new ArrayList<Path>();
    for (var folder : foldersWithCode()) {
      var info = folder.resolve("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
        unmarked.add(folder);
      }
    }
    assertThat(unmarked).isEmpty();
  }

  private static List<Path> foldersWithCode() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .toList();
    }
  }

  private static List<String> longerThan(int lines, Path folder) throws IOException {
    var longer = new ArrayList<String>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        int length = Files.readAllLines(file).size();
        if (length > lines) {
          longer.add(file + " has " + length + " lines");
        }
      }
    }
    return longer;
  }
}
