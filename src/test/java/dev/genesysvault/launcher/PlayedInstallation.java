package dev.genesysvault.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher as it is installed, over jars that are empty and a java that is a script. */
final class PlayedInstallation {
  private final Path folder;

  /** Installs into a folder, once it is told to. */
  PlayedInstallation(Path folder) {
    this.folder = folder;
  }

  void install() throws IOException {
    Files.createDirectories(folder.resolve("dist/bin"));
    Files.createDirectories(lib());
    Files.createDirectories(folder.resolve("java/bin"));
    for (var script : List.of("genesys-sidecar", "find-java")) {
      var installed = folder.resolve("dist/bin").resolve(script);
      Files.copy(Path.of("src/dist/bin").resolve(script), installed);
      executable(installed);
    }
    Files.writeString(lib().resolve("genesys-sidecar-1.jar"), "");
    Files.writeString(lib().resolve("genesys-sidecar-1-simulator.jar"), "");
    release("JAVA_VERSION=\"25\"\n");
  }

  /** Returns where the jars are. */
  Path lib() {
    return folder.resolve("dist/lib");
  }

  /** Says which Java it is. */
  void release(String text) throws IOException {
    Files.writeString(folder.resolve("java/release"), text);
  }

  /** Has java do this. */
  void java(String script) throws IOException {
    var java = folder.resolve("java/bin/java");
    Files.writeString(java, "#!/usr/bin/env bash\n" + script + "\n");
    executable(java);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Starts the launcher; what it says on both channels is read as one. */
  Process start(Map<String, String> environment, String... flags) throws IOException {
    var command = new ArrayList<>(List.of(folder.resolve("dist/bin/genesys-sidecar").toString()));
    command.addAll(List.of(flags));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Waits for the end of a process and returns what it said. */
  static String output(Process process) throws IOException, InterruptedException {
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
