package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.Scraper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The tests in {@code operations/test}, which use the libraries of other people's systems. */
final class OperationsTests {
  private static final Path FOLDER = Path.of("operations/test").toAbsolutePath();

  private OperationsTests() {}

  /** Waits until the session has counted its clients, before which much is not reported. */
  static void awaitCounted(int management, Duration patience) throws Exception {
    try (var scraper = new Scraper(management)) {
      Eventually.is(
          "the session's clients are counted",
          patience,
          () ->
              scraper.scrape().sum("genesys_vault_clients", "state=issued") > 0
                  && scraper.scrape().sum("genesys_vault_static_roles", "phase=idle") > 0);
    }
  }

  /** Runs a module of them, and returns what it printed. */
  static String run(Path folder, String module, Map<String, String> environment)
      throws IOException, InterruptedException {
    var python = RealProcess.run(List.of(FOLDER.resolve("test-env").toString()));
    var log = folder.resolve(module + ".txt");
    var builder =
        new ProcessBuilder(python, "-m", "unittest", "-v", module)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    // No proxy leads to what runs here, and no compiled file is left beside the source.
    builder
        .environment()
        .putAll(
            Map.of("NO_PROXY", "*", "PYTHONDONTWRITEBYTECODE", "1", "PYTHONWARNINGS", "ignore"));
    int status = builder.start().waitFor();
    var text = Files.readString(log);
    assertThat(status).as(text).isZero();
    return text;
  }
}
