package dev.genesysvault;

import dev.genesysvault.network.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A step of the start of the process: opens what is otherwise opened at its first use. A jar or a
 * native library that is needed for the first time while the process has no file descriptor left is
 * missing until it ends, whoever gives descriptors back.
 */
final class Preloading {
  private static final Logger LOG = LoggerFactory.getLogger(Preloading.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Preloading() {}

  /** Does it, as far as it can be done. */
  static void run(Transport transport) {
    try {
      // Looks into every jar of the class path, which stays open.
      long jars = Preloading.class.getClassLoader().resources("META-INF/MANIFEST.MF").count();
      exchange(transport);
      LOG.atDebug().addKeyValue("jars", jars).log("everything is loaded");
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("not everything was preloaded");
    } catch (InterruptedException _) {
      // Told to stop: nothing is needed any more.
    }
  }

  /** A connection loads its native libraries, even to a port where nobody answers. */
  private static void exchange(Transport transport) throws IOException, InterruptedException {
    int port;
    try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = nobody.getLocalPort();
    }
    try {
      transport.exchange(
          new Transport.Request(
              "GET",
              URI.create("http://127.0.0.1:%d/".formatted(port)),
              Map.of(),
              new byte[0],
              PATIENCE),
          (_, _) -> {});
    } catch (Transport.FailedException _) {
      // As it must.
    }
  }
}
