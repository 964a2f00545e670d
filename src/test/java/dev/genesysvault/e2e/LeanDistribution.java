package dev.genesysvault.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The distribution without its optional libraries. */
final class LeanDistribution {
  private LeanDistribution() {}

  /** Copies all else of it below a folder, unless that was done before; returns where it is. */
  static Path in(Path folder) throws IOException {
    var lean = folder.resolve("lean");
    if (Files.exists(lean)) {
      return lean;
    }
    for (var part : List.of("bin", "lib")) {
      Files.createDirectories(lean.resolve(part));
      try (var files = Files.list(SidecarProcess.DISTRIBUTION.resolve(part))) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, lean.resolve(part).resolve(file.getFileName()));
        }
      }
    }
    return lean;
  }
}
