package dev.genesysvault.vaultapi;

import dev.genesysvault.domain.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Paths that the commands beside the sidecar are given: of a mount, and of files to write. */
public final class GivenPaths {
  private static final int LONGEST_PART = 512;

  private GivenPaths() {}

  /**
   * Returns the path of a mount, without slashes around it.
   *
   * @throws IllegalArgumentException one sentence: the option, its value, what is allowed
   */
  public static String mount(String text) {
    var path = Texts.withoutSlashes(text);
    if (!Texts.split(path, '/', Integer.MAX_VALUE).stream().allMatch(GivenPaths::isPart)) {
      throw new IllegalArgumentException(
          "--mount is \"%s\"; must be a path such as genesys, or team/genesys".formatted(text));
    }
    return path;
  }

  private static boolean isPart(String text) {
    return Texts.consistsOf(
        text, 1, LONGEST_PART, c -> Texts.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
  }

  /**
   * Returns a file that can be written; empty where none is given.
   *
   * @throws IllegalArgumentException one sentence: the option, its value, what is allowed
   */
  public static Optional<Path> file(String option, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var target = Path.of(text).toAbsolutePath();
    var folder = target.getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(target)) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; must be a file in a folder that can be written to"
              .formatted(option, text));
    }
    return Optional.of(target);
  }
}
