package dev.genesysvault.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Programs of Debian's packages, unpacked into the cache and not installed. */
final class DebianTools {
  private final Path folder;

  private DebianTools(Path folder) {
    this.folder = folder;
  }

  /** Those of Prometheus and its Alertmanager. */
  static DebianTools prometheus() throws IOException, InterruptedException {
    return of("prometheus", "prometheus-alertmanager");
  }

  /** Where they cannot be had, the test fails in CI, and is skipped elsewhere. */
  private static DebianTools of(String... packages) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("vault-dev-config/debian-packages"));
    command.addAll(List.of(packages));
    try {
      return new DebianTools(Path.of(RealProcess.run(command)));
    } catch (IOException e) {
      if (System.getenv("CI") != null) {
        throw e;
      }
      return Assumptions.abort("%s cannot be had: %s".formatted(List.of(packages), e.getMessage()));
    }
  }

  /** Returns the path of a program. */
  String program(String name) {
    return folder.resolve("usr/bin").resolve(name).toString();
  }

  /** Returns the folder of what belongs to a program. */
  Path share(String name) {
    return folder.resolve("usr/share").resolve(name);
  }

  /**
   * Copies a program that looks for what belongs to it in a folder of the system, where it is not:
   * the copy looks in its working directory.
   *
   * @param from the folder of the system, as the program has it
   * @return the path of the copy
   */
  String looksInWorkingDirectory(String name, String from, Path into) throws IOException {
    var working = "/proc/self/cwd";
    var to = working + "/.".repeat((from.length() - working.length()) / 2);
    var bytes = Files.readAllBytes(Path.of(program(name)));
    // Latin 1 has a character for each byte. A program holds its texts with their lengths.
    var changed = new String(bytes, StandardCharsets.ISO_8859_1).replace(from, to);
    if (to.length() != from.length() || changed.length() != bytes.length) {
      throw new IllegalArgumentException("%s does not become %s".formatted(from, to));
    }
    var copy = into.resolve(name);
    Files.write(copy, changed.getBytes(StandardCharsets.ISO_8859_1));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
    return copy.toString();
  }
}
