package dev.genesysvault;

import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.Settings;
import java.util.Locale;
import java.util.Optional;

/**
 * The flags of the sidecar. Each has a variable in the environment, which counts where the flag is
 * not given.
 */
enum Flag {
  SOCKET("--socket", "PATH", Settings.DEFAULT_SOCKET, "Unix socket for the plugin"),
  MANAGEMENT_ADDRESS(
      "--management-address",
      "HOST:PORT",
      "",
      "Where GET / (a page to look at), /health and /metrics are answered, to whoever asks; empty: nowhere"),
  METRICS_ROLE_LABEL(
      "--metrics-role-label",
      "true|false",
      "false",
      "Whether metrics name roles, up to 200 of each mount"),
  METRICS_OTLP_ENDPOINT(
      "--metrics-otlp-endpoint",
      "URL",
      "",
      "Whole URL to which metrics are pushed over OTLP, such as http://127.0.0.1:4318/v1/metrics; empty: nowhere"),
  METRICS_OTLP_HEADERS_FILE(
      "--metrics-otlp-headers-file",
      "PATH",
      "",
      "File of headers to push with, a line NAME: VALUE each; may be replaced at any time"),
  METRICS_CLOUDWATCH_NAMESPACE(
      "--metrics-cloudwatch-namespace",
      "NAME",
      "",
      "Namespace of CloudWatch to which metrics are pushed; empty: nowhere"),
  METRICS_PUSH_INTERVAL(
      "--metrics-push-interval",
      "DURATION",
      MetricsSettings.DEFAULT_PUSH_INTERVAL,
      "Between two pushes, 10s to 1h"),
  PAGE_NAMES(
      "--page-names",
      "true|false",
      "false",
      "Whether the page of the management address names roles"),
  PAGE_HOSTS(
      "--page-hosts",
      "HOSTS",
      "",
      "Names of hosts by which page, /health and /metrics may be asked for beside the address, with commas between"),
  LOG_FORMAT("--log-format", "text|json", "text", "How lines of the log look"),
  RATE_LIMIT_SHARE(
      "--rate-limit-share",
      "SHARE",
      Settings.DEFAULT_RATE_LIMIT_SHARE,
      "Share of Genesys' request limits to use, above 0, at most 1"),
  LONGEST_REQUEST(
      "--longest-request",
      "DURATION",
      Settings.DEFAULT_LONGEST_REQUEST,
      "How long a request of Vault lasts at most: no less than Vault's max_request_duration. What a request left unfinished is settled after this time"),
  VISIBILITY_DELAY(
      "--visibility-delay",
      "DURATION",
      Settings.DEFAULT_VISIBILITY_DELAY,
      "How long Genesys may not show a client that was just made: until then, a 404 does not mean that it is gone"),
  PROPAGATION_DELAY(
      "--propagation-delay",
      "DURATION",
      Settings.DEFAULT_PROPAGATION_DELAY,
      "How long the new client of a static role waits before its first log-in: an earlier one may keep Genesys from showing all of its grants"),
  OVERDUE_AFTER(
      "--overdue-after",
      "DURATION",
      Settings.DEFAULT_OVERDUE_AFTER,
      "How much later than planned a rotation may reach its end before it is reported as overdue"),
  ALARM_DELAY(
      "--alarm-delay",
      "DURATION",
      Settings.DEFAULT_ALARM_DELAY,
      "How long Genesys may be away, or a destination behind, before it is an alarm; twice as long for a pause of the request budget"),
  PROXY(
      "--proxy",
      "URL",
      "",
      "HTTP proxy to every host, such as http://proxy.example:3128, or none; empty: HTTPS_PROXY of the environment, to https hosts"),
  NO_PROXY(
      "--no-proxy",
      "HOSTS",
      "",
      "Names, addresses and networks to which no proxy leads, such as example.com,10.0.0.0/8; empty: NO_PROXY of the environment"),
  PROXY_CREDENTIALS_FILE(
      "--proxy-credentials-file",
      "PATH",
      "",
      "File of one line, user:password for the proxy; may be replaced at any time"),
  CA_FILE(
      "--ca-file",
      "PATH",
      "",
      "Certificates in PEM of authorities to trust beside the system's; read at the start"),
  TOKEN_FOLDER(
      "--token-folder",
      "PATH",
      "",
      "Folder of files with a token each, by which destinations log in to another Vault; empty: none"),
  ENABLE(
      "--enable",
      "NAMES",
      "",
      "Optional libraries to load at the start rather than when a destination first needs them, with commas between: aws, gcp, cloudwatch");

  /** What a flag means that may stand without a value, and does. */
  static final String ALONE = "true";

  private static final String VARIABLES = "GENESYS_SIDECAR_";
  private static final String TRUE_OR_FALSE = "true|false";

  private final String flag;
  private final String label;
  private final String fallback;
  private final String description;

  Flag(String flag, String label, String fallback, String description) {
    this.flag = flag;
    this.label = label;
    this.fallback = fallback;
    this.description = description;
  }

  /** Returns the flag that is written so, such as {@code --socket}; empty where there is none. */
  static Optional<Flag> of(String written) {
    for (var each : values()) {
      if (each.flag.equals(written)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Returns how it is written. */
  String flag() {
    return flag;
  }

  /** Returns what stands for its value in a help text. */
  String label() {
    return label;
  }

  /** Returns what it does, without a period. */
  String description() {
    return description;
  }

  /** Returns its value where neither flag nor variable is given. */
  String fallback() {
    return fallback;
  }

  /** Returns the name of its variable. */
  String variable() {
    return VARIABLES + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Whether it may stand without a value: {@link #ALONE}. */
  boolean standsAlone() {
    return label.equals(TRUE_OR_FALSE);
  }
}
