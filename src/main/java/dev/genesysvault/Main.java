package dev.genesysvault;

import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.evidence.Evidence;
import dev.genesysvault.fleet.ImportFleet;
import dev.genesysvault.logging.Logs;
import dev.genesysvault.resilience.LastWords;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the sidecar: flags, or environment variables where no flag is given. */
@Command(
    name = "genesys-sidecar",
    version = Sidecar.VERSION,
    mixinStandardHelpOptions = true,
    subcommands = {ImportFleet.class, Evidence.class},
    description =
        "Owns the life of Genesys Cloud OAuth clients for the Vault plugin on the same host.")
public final class Main implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = "${env:GENESYS_SIDECAR_SOCKET:-" + Settings.DEFAULT_SOCKET + "}",
      description = "Unix socket for the plugin (GENESYS_SIDECAR_SOCKET; ${DEFAULT-VALUE}).")
  private String socket = "";

  @Option(
      names = "--management-address",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:GENESYS_SIDECAR_MANAGEMENT_ADDRESS:-}",
      description =
          "Where GET / (a page to look at), /health and /metrics are answered, to whoever asks; empty: nowhere (GENESYS_SIDECAR_MANAGEMENT_ADDRESS).")
  private String management = "";

  @Option(
      names = "--metrics-role-label",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "${env:GENESYS_SIDECAR_METRICS_ROLE_LABEL:-false}",
      description =
          "Whether metrics name roles, up to 200 of each mount (GENESYS_SIDECAR_METRICS_ROLE_LABEL; ${DEFAULT-VALUE}).")
  private String metricsRoleLabel = "";

  @Option(
      names = "--metrics-otlp-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:GENESYS_SIDECAR_METRICS_OTLP_ENDPOINT:-}",
      description =
          "Whole URL to which metrics are pushed over OTLP, such as http://127.0.0.1:4318/v1/metrics; empty: nowhere (GENESYS_SIDECAR_METRICS_OTLP_ENDPOINT).")
  private String metricsOtlpEndpoint = "";

  @Option(
      names = "--metrics-otlp-headers-file",
      paramLabel = "PATH",
      defaultValue = "${env:GENESYS_SIDECAR_METRICS_OTLP_HEADERS_FILE:-}",
      description =
          "File of headers to push with, a line NAME: VALUE each; may be replaced at any time (GENESYS_SIDECAR_METRICS_OTLP_HEADERS_FILE).")
  private String metricsOtlpHeadersFile = "";

  @Option(
      names = "--metrics-cloudwatch-namespace",
      paramLabel = "NAME",
      defaultValue = "${env:GENESYS_SIDECAR_METRICS_CLOUDWATCH_NAMESPACE:-}",
      description =
          "Namespace of CloudWatch to which metrics are pushed; empty: nowhere (GENESYS_SIDECAR_METRICS_CLOUDWATCH_NAMESPACE).")
  private String metricsCloudWatchNamespace = "";

  @Option(
      names = "--metrics-push-interval",
      paramLabel = "DURATION",
      defaultValue =
          "${env:GENESYS_SIDECAR_METRICS_PUSH_INTERVAL:-"
              + MetricsSettings.DEFAULT_PUSH_INTERVAL
              + "}",
      description =
          "Between two pushes, 10s to 1h (GENESYS_SIDECAR_METRICS_PUSH_INTERVAL; ${DEFAULT-VALUE}).")
  private String metricsPushInterval = "";

  @Option(
      names = "--page-names",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "${env:GENESYS_SIDECAR_PAGE_NAMES:-false}",
      description =
          "Whether the page of the management address names roles (GENESYS_SIDECAR_PAGE_NAMES; ${DEFAULT-VALUE}).")
  private String pageNames = "";

  @Option(
      names = "--page-hosts",
      paramLabel = "HOSTS",
      defaultValue = "${env:GENESYS_SIDECAR_PAGE_HOSTS:-}",
      description =
          "Names of hosts by which page, /health and /metrics may be asked for beside the address, with commas between (GENESYS_SIDECAR_PAGE_HOSTS).")
  private String pageHosts = "";

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "${env:GENESYS_SIDECAR_LOG_FORMAT:-text}",
      description = "How lines of the log look (GENESYS_SIDECAR_LOG_FORMAT; ${DEFAULT-VALUE}).")
  private String logFormat = "";

  @Option(
      names = "--rate-limit-share",
      paramLabel = "SHARE",
      defaultValue =
          "${env:GENESYS_SIDECAR_RATE_LIMIT_SHARE:-" + Settings.DEFAULT_RATE_LIMIT_SHARE + "}",
      description =
          "Share of Genesys' request limits to use, above 0, at most 1 (GENESYS_SIDECAR_RATE_LIMIT_SHARE; ${DEFAULT-VALUE}).")
  private String rateLimitShare = "";

  @Option(
      names = "--longest-request",
      paramLabel = "DURATION",
      defaultValue =
          "${env:GENESYS_SIDECAR_LONGEST_REQUEST:-" + Settings.DEFAULT_LONGEST_REQUEST + "}",
      description =
          "How long a request of Vault lasts at most: no less than Vault's max_request_duration. What a request left unfinished is settled after this time (GENESYS_SIDECAR_LONGEST_REQUEST; ${DEFAULT-VALUE}).")
  private String longestRequest = "";

  @Option(
      names = "--visibility-delay",
      paramLabel = "DURATION",
      defaultValue =
          "${env:GENESYS_SIDECAR_VISIBILITY_DELAY:-" + Settings.DEFAULT_VISIBILITY_DELAY + "}",
      description =
          "How long Genesys may not show a client that was just made: until then, a 404 does not mean that it is gone (GENESYS_SIDECAR_VISIBILITY_DELAY; ${DEFAULT-VALUE}).")
  private String visibilityDelay = "";

  @Option(
      names = "--propagation-delay",
      paramLabel = "DURATION",
      defaultValue =
          "${env:GENESYS_SIDECAR_PROPAGATION_DELAY:-" + Settings.DEFAULT_PROPAGATION_DELAY + "}",
      description =
          "How long the new client of a static role waits before its first log-in: an earlier one may keep Genesys from showing all of its grants (GENESYS_SIDECAR_PROPAGATION_DELAY; ${DEFAULT-VALUE}).")
  private String propagationDelay = "";

  @Option(
      names = "--overdue-after",
      paramLabel = "DURATION",
      defaultValue = "${env:GENESYS_SIDECAR_OVERDUE_AFTER:-" + Settings.DEFAULT_OVERDUE_AFTER + "}",
      description =
          "How much later than planned a rotation may reach its end before it is reported as overdue (GENESYS_SIDECAR_OVERDUE_AFTER; ${DEFAULT-VALUE}).")
  private String overdueAfter = "";

  @Option(
      names = "--alarm-delay",
      paramLabel = "DURATION",
      defaultValue = "${env:GENESYS_SIDECAR_ALARM_DELAY:-" + Settings.DEFAULT_ALARM_DELAY + "}",
      description =
          "How long Genesys may be away, or a destination behind, before it is an alarm; twice as long for a pause of the request budget (GENESYS_SIDECAR_ALARM_DELAY; ${DEFAULT-VALUE}).")
  private String alarmDelay = "";

  @Option(
      names = "--proxy",
      paramLabel = "URL",
      defaultValue = "${env:GENESYS_SIDECAR_PROXY:-}",
      description =
          "HTTP proxy to every host, such as http://proxy.example:3128, or none; empty: HTTPS_PROXY of the environment, to https hosts (GENESYS_SIDECAR_PROXY).")
  private String proxy = "";

  @Option(
      names = "--no-proxy",
      paramLabel = "HOSTS",
      defaultValue = "${env:GENESYS_SIDECAR_NO_PROXY:-}",
      description =
          "Names, addresses and networks to which no proxy leads, such as example.com,10.0.0.0/8; empty: NO_PROXY of the environment (GENESYS_SIDECAR_NO_PROXY).")
  private String noProxy = "";

  @Option(
      names = "--proxy-credentials-file",
      paramLabel = "PATH",
      defaultValue = "${env:GENESYS_SIDECAR_PROXY_CREDENTIALS_FILE:-}",
      description =
          "File of one line, user:password for the proxy; may be replaced at any time (GENESYS_SIDECAR_PROXY_CREDENTIALS_FILE).")
  private String proxyCredentialsFile = "";

  @Option(
      names = "--ca-file",
      paramLabel = "PATH",
      defaultValue = "${env:GENESYS_SIDECAR_CA_FILE:-}",
      description =
          "Certificates in PEM of authorities to trust beside the system's; read at the start (GENESYS_SIDECAR_CA_FILE).")
  private String caFile = "";

  @Option(
      names = "--token-folder",
      paramLabel = "PATH",
      defaultValue = "${env:GENESYS_SIDECAR_TOKEN_FOLDER:-}",
      description =
          "Folder of files with a token each, by which destinations log in to another Vault; empty: none (GENESYS_SIDECAR_TOKEN_FOLDER).")
  private String tokenFolder = "";

  @Option(
      names = "--enable",
      paramLabel = "NAMES",
      defaultValue = "${env:GENESYS_SIDECAR_ENABLE:-}",
      description =
          "Optional libraries to load at the start rather than when a destination first needs them, with commas between: aws, gcp, cloudwatch (GENESYS_SIDECAR_ENABLE).")
  private String enable = "";

  private Main() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) {
    Thread.setDefaultUncaughtExceptionHandler(new LastWords());
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      var settings =
          Settings.parse(
              socket,
              management,
              rateLimitShare,
              longestRequest,
              visibilityDelay,
              propagationDelay,
              overdueAfter,
              alarmDelay,
              new NetworkSettings.Given(
                  proxy,
                  noProxy,
                  proxyCredentialsFile,
                  caFile,
                  name -> Optional.ofNullable(System.getenv(name))),
              tokenFolder,
              new MetricsSettings.Given(
                  metricsRoleLabel,
                  metricsOtlpEndpoint,
                  metricsOtlpHeadersFile,
                  metricsCloudWatchNamespace,
                  metricsPushInterval),
              logFormat,
              pageNames,
              pageHosts);
      var logs =
          Logs.open(
              settings.logFormat(), new SystemTime(), new VirtualThreadTasks(), new SystemLocks());
      Enabled.load(enable);
      var sidecar = Sidecar.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sidecar, logs), "stop"));
      sidecar.preload();
      LOG.atInfo()
          .addKeyValue("version", Sidecar.VERSION)
          .addKeyValue("socket", settings.socket())
          .log("sidecar is ready");
      sidecar.awaitEnd();
      return CommandLine.ExitCode.OK;
    } catch (Settings.InvalidException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("genesys-sidecar cannot start: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static void stop(Sidecar sidecar, Logs logs) {
    try {
      sidecar.close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e.getMessage()).log("sidecar did not stop cleanly");
    }
    logs.close();
  }
}
