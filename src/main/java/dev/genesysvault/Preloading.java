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

  /** Long enough to begin to wait. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

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

  /**
   * A virtual thread that waits for an answer needs native libraries, and threads that wait for all
   * of them.
   */
  private static void exchange(Transport transport) throws IOException, InterruptedException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var request =
          new Transport.Request(
              "GET",
              URI.create("http://127.0.0.1:%d/".formatted(silent.getLocalPort())),
              Map.of(),
              new byte[0],
              PATIENCE);
      Thread.ofVirtual().name("preloading").start(() -> ask(transport, request)).join();
    }
  }

  private static void ask(Transport transport, Transport.Request request) {
    try {
      transport.exchange(request, (_, _) -> {});
    } catch (Transport.FailedException _) {
      // As it must.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
