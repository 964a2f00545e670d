package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatedOrganization;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar of which somebody holds all file descriptors, in a process of its own. */
@Timeout(120)
@Tag("slow")
final class OutOfFilesTest {
  /** More than a sidecar at rest has open, and few enough to be used up at once. */
  private static final int FILES = 160;

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final List<SocketChannel> held = new ArrayList<>();
  private final Path socket;
  private final Path log;
  private final Process sidecar;
  private final TestShim shim;

  OutOfFilesTest(@TempDir Path folder) throws Exception {
    socket = folder.resolve("sidecar.sock");
    log = folder.resolve("log");
    sidecar =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -n %d && exec \"$@\"".formatted(FILES),
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(folder),
                "dev.genesysvault.Main",
                "--socket=" + socket)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitLine("sidecar is ready");
    shim = new TestShim(socket, new InMemoryStorage());
  }

  @AfterEach
  void end() throws Exception {
    shim.close();
    letGo();
    simulator.close();
    sidecar.destroy();
    sidecar.waitFor();
  }

  @Test
  void refuses_new_work_says_why_and_recovers() throws Exception {
    // The plugin's connection stands before.
    assertThat(shim.serve(shim.creds("request-0")).result().hasError()).isTrue();
    useUp();
    awaitLine("no new connection can be taken");

    for (int i = 0; i < 3; i++) {
      assertThat(configure().getError().getMessage())
          .contains("no connection", "too many open files", "Nothing was written");
    }
    letGo();

    // With a connection of the plugin's that waits to be accepted, too.
    try (var another = new TestShim(socket, new InMemoryStorage())) {
      assertThat(another.serve(another.creds("request-1")).result().hasError()).isTrue();
    }
    assertThat(configure().hasNothing()).isTrue();
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains("no new connection can be taken"))
        .as("once a minute, however often it is tried")
        .hasSize(1);
    assertThat(Files.readString(log)).doesNotContain("NoClassDefFound", "UnsatisfiedLink");
  }

  private Result configure() {
    return shim.write("config", Map.of(), SimulatedOrganization.config(simulator));
  }

  private void useUp() throws IOException {
    for (int i = 0; i < FILES; i++) {
      held.add(connected());
    }
  }

  private SocketChannel connected() throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private void letGo() throws IOException {
    for (var channel : held) {
      channel.close();
    }
    held.clear();
  }

  /** Waits until the other process has written a line. */
  private void awaitLine(String part) throws IOException {
    while (Files.readAllLines(log).stream().noneMatch(line -> line.contains(part))) {
      assertThat(sidecar.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  /** Classes come from jars, as in the distribution: what is open needs no descriptor. */
  private static String classPath(Path folder) throws IOException {
    var path = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      var place = Path.of(entry);
      path.add(Files.isDirectory(place) ? jar(place, folder).toString() : entry);
    }
    return String.join(File.pathSeparator, path);
  }

  private static Path jar(Path classes, Path folder) throws IOException {
    var jar = Files.createTempFile(folder, "classes", ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }
}
