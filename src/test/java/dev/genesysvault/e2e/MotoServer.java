package dev.genesysvault.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** AWS as moto plays it, in a process of its own. */
final class MotoServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RealProcess process;
  private final String address;

  private MotoServer(RealProcess process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one that has nothing, and returns once it answers. */
  static MotoServer start(Path folder) throws Exception {
    var python =
        RealProcess.run(
            List.of(Path.of("integrations/aws-lambda/test-env").toAbsolutePath().toString()));
    int port = VaultServer.freePort();
    var process =
        RealProcess.start(
            folder,
            folder.resolve("moto.log"),
            Map.of("PYTHONWARNINGS", "ignore", "NO_PROXY", "*"),
            List.of(
                python.lines().toList().getLast(),
                "-m",
                "moto.server",
                "-H",
                "127.0.0.1",
                "-p",
                String.valueOf(port)));
    var server = new MotoServer(process, "http://127.0.0.1:" + port);
    Eventually.is("moto answers", PATIENCE, server::answers);
    return server;
  }

  private boolean answers() throws IOException, InterruptedException {
    if (!process.alive()) {
      throw new AssertionError("moto has ended");
    }
    try (var client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build()) {
      var request =
          HttpRequest.newBuilder(URI.create(address + "/moto-api/data.json"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }
  }

  String address() {
    return address;
  }

  @Override
  public void close() {
    process.close();
  }
}
