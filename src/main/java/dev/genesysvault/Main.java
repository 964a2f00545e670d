package dev.genesysvault;

import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.logging.Logs;
import dev.genesysvault.resilience.LastWords;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/** Starts the sidecar: flags, or environment variables where no flag is given. */
public final class Main {
  private static final int WELL = 0;
  private static final int BROKEN = 1;
  private static final int WRONG_FLAGS = 2;

  private Main() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) {
    // Nobody needs them before the command line is read, which takes as long.
    var descriptors =
        CompletableFuture.supplyAsync(
            EngineDescriptor::served, read -> Thread.ofPlatform().daemon().start(read));
    Thread.setDefaultUncaughtExceptionHandler(new LastWords());
    var plain = PlainFlags.read(List.of(args));
    System.exit(
        plain.isPresent()
            ? runPlain(PlainFlags.withVariables(plain.get(), System.getenv()), descriptors)
            : Program.run(args, values -> run(values, descriptors)));
  }

  private static int runPlain(
      Map<Flag, String> values, CompletableFuture<List<EngineDescriptor>> descriptors) {
    try {
      return run(values, descriptors);
    } catch (InterruptedException | RuntimeException e) {
      e.printStackTrace();
      return BROKEN;
    }
  }

  private static int run(
      Map<Flag, String> values, CompletableFuture<List<EngineDescriptor>> descriptors)
      throws InterruptedException {
    try {
      var settings =
          Settings.parse(
              of(values, Flag.SOCKET),
              of(values, Flag.MANAGEMENT_ADDRESS),
              of(values, Flag.RATE_LIMIT_SHARE),
              of(values, Flag.LONGEST_REQUEST),
              of(values, Flag.VISIBILITY_DELAY),
              of(values, Flag.PROPAGATION_DELAY),
              of(values, Flag.OVERDUE_AFTER),
              of(values, Flag.ALARM_DELAY),
              new NetworkSettings.Given(
                  of(values, Flag.PROXY),
                  of(values, Flag.NO_PROXY),
                  of(values, Flag.PROXY_CREDENTIALS_FILE),
                  of(values, Flag.CA_FILE),
                  name -> Optional.ofNullable(System.getenv(name))),
              of(values, Flag.TOKEN_FOLDER),
              new MetricsSettings.Given(
                  of(values, Flag.METRICS_ROLE_LABEL),
                  of(values, Flag.METRICS_OTLP_ENDPOINT),
                  of(values, Flag.METRICS_OTLP_HEADERS_FILE),
                  of(values, Flag.METRICS_CLOUDWATCH_NAMESPACE),
                  of(values, Flag.METRICS_PUSH_INTERVAL)),
              of(values, Flag.LOG_FORMAT),
              of(values, Flag.PAGE_NAMES),
              of(values, Flag.PAGE_HOSTS));
      var logs =
          Logs.open(
              settings.logFormat(), new SystemTime(), new VirtualThreadTasks(), new SystemLocks());
      Enabled.load(of(values, Flag.ENABLE));
      var sidecar = Sidecar.start(settings, descriptors.join());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sidecar, logs), "stop"));
      sidecar.preload();
      LoggerFactory.getLogger(Main.class)
          .atInfo()
          .addKeyValue("version", Sidecar.VERSION)
          .addKeyValue("socket", settings.socket())
          .log("sidecar is ready");
      sidecar.awaitEnd();
      return WELL;
    } catch (Settings.InvalidException e) {
      System.err.println(e.getMessage());
      return WRONG_FLAGS;
    } catch (IOException e) {
      System.err.println("genesys-sidecar cannot start: " + e.getMessage());
      return BROKEN;
    }
  }

  private static String of(Map<Flag, String> values, Flag flag) {
    return values.getOrDefault(flag, flag.fallback());
  }

  private static void stop(Sidecar sidecar, Logs logs) {
    try {
      sidecar.close();
    } catch (IOException e) {
      LoggerFactory.getLogger(Main.class)
          .atWarn()
          .addKeyValue("cause", e.getMessage())
          .log("sidecar did not stop cleanly");
    }
    logs.close();
  }
}
