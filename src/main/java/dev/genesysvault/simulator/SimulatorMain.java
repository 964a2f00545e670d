package dev.genesysvault.simulator;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a simulated Genesys Cloud on this host until it is told to stop. */
@Command(
    name = "genesys-simulator",
    version = "v0.2.0-dev",
    mixinStandardHelpOptions = true,
    description =
        "A simulated Genesys Cloud: Platform API, log-in service, and /_simulator/ paths.")
public final class SimulatorMain implements Callable<Integer> {
  @Option(
      names = "--api-port",
      defaultValue = "9090",
      description = "Port of the Platform API on the loopback address; 0: any (${DEFAULT-VALUE}).")
  private int apiPort;

  @Option(
      names = "--login-port",
      defaultValue = "9091",
      description =
          "Port of the log-in service on the loopback address; 0: any (${DEFAULT-VALUE}).")
  private int loginPort;

  @Option(
      names = "--rate-limit",
      defaultValue = "1000000",
      description = "Requests a minute for each token; Genesys allows 300 (${DEFAULT-VALUE}).")
  private int rateLimit;

  @Option(
      names = "--login-limit",
      defaultValue = "1000000",
      description = "Log-ins a minute for each client (${DEFAULT-VALUE}).")
  private int loginLimit;

  private SimulatorMain() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SimulatorMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var server = SimulatorServer.start(apiPort, loginPort)) {
      server
          .genesys()
          .turn(
              Map.of(
                  Knob.RATE_LIMIT.key(), rateLimit,
                  Knob.LOGIN_LIMIT.key(), loginLimit));
      System.out.printf("ready api=%s login=%s%n", server.apiUrl(), server.loginUrl());
      new CountDownLatch(1).await();
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      System.err.println("genesys-simulator cannot start: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
