package dev.genesysvault.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The flags that the launcher gives to the JVM, so that tests start the sidecar with the same. */
public final class LauncherFlags {
  private static final Path LAUNCHER = Path.of("src/dist/bin/genesys-sidecar");

  private LauncherFlags() {}

  /**
   * Returns a command that starts a program of this class path with 64 MB of heap; its arguments
   * may be added.
   *
   * @param more flags of the JVM
   */
  public static List<String> command(Class<?> program, String... more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(all());
    command.add("-Xmx64m");
    command.addAll(List.of(more));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(program.getName());
    return command;
  }

  /** Returns those that do not depend on the machine: all but the heap's limit and a cache. */
  private static List<String> all() {
    try {
      var flags =
          Files.readAllLines(LAUNCHER).stream()
              .dropWhile(line -> !line.equals("flags=("))
              .skip(1)
              .takeWhile(line -> !line.equals(")"))
              .map(String::strip)
              .toList();
      if (flags.isEmpty() || !flags.stream().allMatch(flag -> flag.startsWith("-"))) {
        throw new IllegalStateException("%s has no list of flags: %s".formatted(LAUNCHER, flags));
      }
      return flags;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
