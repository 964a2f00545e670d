package dev.genesysvault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
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
  static void run() {
    try {
      // Looks into every jar of the class path, which stays open.
      long jars = Preloading.class.getClassLoader().resources("META-INF/MANIFEST.MF").count();
      exchange();
      LOG.atDebug().addKeyValue("jars", jars).log("everything is loaded");
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("not everything was preloaded");
    } catch (InterruptedException _) {
      // Told to stop: nothing is needed any more.
    }
  }

  /**
   * The JDK's HTTP client loads its native libraries when it connects, even to a port that hangs
   * up.
   */
  private static void exchange() throws IOException, InterruptedException {
    try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var uri = URI.create("http://127.0.0.1:%d/".formatted(nobody.getLocalPort()));
      var exchange =
          client.sendAsync(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.discarding());
      nobody.accept().close();
      var _ = exchange.handle((_, _) -> "").join();
      client.shutdownNow();
    }
  }
}
