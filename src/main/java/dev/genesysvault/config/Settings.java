package dev.genesysvault.config;

import dev.genesysvault.logging.LogFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a sidecar process is set up. Holds no secret but the log-in for a proxy that the environment
 * names, which no text shows: others only ever come as paths of files.
 *
 * @param socket where the plugin finds the sidecar
 * @param management where health is answered over HTTP; empty for nowhere
 * @param rateLimitShare how much of Genesys' request limits this sidecar takes, in (0, 1]
 * @param longestRequest how long a request of Vault lasts at most, 1 s to a day
 * @param visibilityDelay how long Genesys may not show a client that was just made, 1 s to a day
 * @param propagationDelay how long a new client waits before its first log-in, 1 s to a day
 * @param overdueAfter how much later than planned a rotation may end before it is reported, 1 s to
 *     a day
 * @param alarmDelay how long something that may pass by itself lasts before it is an alarm, 1 s to
 *     a day
 * @param network how other hosts are reached
 * @param tokenFolder with the tokens by which destinations may log in; empty for none
 * @param metrics what they show, and where they are pushed
 * @param logFormat how lines of the log look
 * @param page what the page of the management address shows
 */
public record Settings(
    Path socket,
    Optional<InetSocketAddress> management,
    double rateLimitShare,
    Duration longestRequest,
    Duration visibilityDelay,
    Duration propagationDelay,
    Duration overdueAfter,
    Duration alarmDelay,
    NetworkSettings network,
    Optional<Path> tokenFolder,
    MetricsSettings metrics,
    LogFormat logFormat,
    PageSettings page) {
  /** Where the plugin looks, too, where nobody tells it otherwise. */
  public static final String DEFAULT_SOCKET = "/run/genesys-sidecar/sidecar.sock";

  /** Leaves a tenth of each limit to others. */
  public static final String DEFAULT_RATE_LIMIT_SHARE = "0.9";

  /** What Vault's {@code max_request_duration} is where nobody sets it. */
  public static final String DEFAULT_LONGEST_REQUEST = "90s";

  /** As long as Genesys' own Terraform provider looks for a client that it has just made. */
  public static final String DEFAULT_VISIBILITY_DELAY = "5m";

  /** As long as Genesys' own Terraform provider waits after it has granted roles. */
  public static final String DEFAULT_PROPAGATION_DELAY = "10s";

  /** A rotation takes seconds beside its grace period, so this is trouble. */
  public static final String DEFAULT_OVERDUE_AFTER = "1h";

  /** As long as Genesys may be away before somebody is told. */
  public static final String DEFAULT_ALARM_DELAY = "5m";

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");
  private static final Duration LONGEST_DELAY = Duration.ofDays(1);

  /** Makes one whose log and page are as usual. */
  public Settings(
      Path socket,
      Optional<InetSocketAddress> management,
      double rateLimitShare,
      Duration longestRequest,
      Duration visibilityDelay,
      Duration propagationDelay,
      Duration overdueAfter,
      Duration alarmDelay,
      NetworkSettings network,
      Optional<Path> tokenFolder,
      MetricsSettings metrics) {
    this(
        socket,
        management,
        rateLimitShare,
        longestRequest,
        visibilityDelay,
        propagationDelay,
        overdueAfter,
        alarmDelay,
        network,
        tokenFolder,
        metrics,
        LogFormat.TEXT,
        PageSettings.DEFAULT);
  }

  /** What is wrong with the settings; everything at once. */
  public static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1;

    private InvalidException(List<String> problems) {
      super(String.join(System.lineSeparator(), problems));
    }
  }

  /**
   * Reads settings from texts.
   *
   * @throws InvalidException with one line for each problem: setting, value, what is allowed
   */
  public static Settings parse(
      String socket,
      String management,
      String rateLimitShare,
      String longestRequest,
      String visibilityDelay,
      String propagationDelay,
      String overdueAfter,
      String alarmDelay,
      NetworkSettings.Given network,
      String tokenFolder,
      MetricsSettings.Given metrics,
      String logFormat,
      String pageNames,
      String pageHosts)
      throws InvalidException {
    var problems = new ArrayList<String>();
    var path = parse(problems, socket, Settings::path);
    var address = parse(problems, management, Settings::address);
    var share = parse(problems, rateLimitShare, Settings::share);
    var request = parse(problems, longestRequest, text -> duration("--longest-request", text));
    var visibility = parse(problems, visibilityDelay, text -> duration("--visibility-delay", text));
    var propagation =
        parse(problems, propagationDelay, text -> duration("--propagation-delay", text));
    var overdue = parse(problems, overdueAfter, text -> duration("--overdue-after", text));
    var alarm = parse(problems, alarmDelay, text -> duration("--alarm-delay", text));
    var way = NetworkSettings.parse(problems, network);
    var tokens = parse(problems, tokenFolder, Settings::folder);
    var measured = MetricsSettings.parse(problems, metrics);
    var format = parse(problems, logFormat, Settings::logFormat);
    var page = PageSettings.parse(problems, pageNames, pageHosts);
    if (!problems.isEmpty()) {
      throw new InvalidException(problems);
    }
    return new Settings(
        path.orElseThrow(),
        address.orElseThrow(),
        share.orElseThrow(),
        request.orElseThrow(),
        visibility.orElseThrow(),
        propagation.orElseThrow(),
        overdue.orElseThrow(),
        alarm.orElseThrow(),
        way.orElseThrow(),
        tokens.orElseThrow(),
        measured.orElseThrow(),
        format.orElseThrow(),
        page);
  }

  static <T> Optional<T> parse(List<String> problems, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text.strip()));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Path path(String text) {
    try {
      var path = Path.of(text);
      if (text.isEmpty() || !path.isAbsolute()) {
        throw new IllegalArgumentException(
            "--socket is \"%s\"; must be an absolute path".formatted(text));
      }
      return path;
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("--socket is \"%s\"; must be a path".formatted(text), e);
    }
  }

  private static Optional<Path> folder(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var path = Path.of(text);
      if (path.isAbsolute() && Files.isDirectory(path)) {
        return Optional.of(path);
      }
    } catch (InvalidPathException _) {
      // Told below, as one that is not there is.
    }
    throw new IllegalArgumentException(
        "--token-folder is \"%s\"; must be an absolute path of a folder that exists, or empty for none"
            .formatted(text));
  }

  private static Optional<InetSocketAddress> address(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    try {
      var host = text.substring(0, Math.max(0, colon));
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 0 || port > 65_535) {
        throw new NumberFormatException();
      }
      return Optional.of(
          host.isEmpty()
              ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
              : new InetSocketAddress(host, port));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--management-address is \"%s\"; must be host:port such as 127.0.0.1:9092, a port of the loopback address, or empty for none"
              .formatted(text),
          e);
    }
  }

  static Duration duration(String flag, String text) {
    var matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      var duration =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
          };
      if (duration.isPositive() && duration.compareTo(LONGEST_DELAY) <= 0) {
        return duration;
      }
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; must be a duration from 1s to 24h, such as 90s or 5m".formatted(flag, text));
  }

  private static LogFormat logFormat(String text) {
    return LogFormat.of(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--log-format is \"%s\"; must be text or json".formatted(text)));
  }

  static boolean flag(String flag, String text) {
    return switch (text) {
      case "true" -> true;
      case "false", "" -> false;
      default ->
          throw new IllegalArgumentException(
              "%s is \"%s\"; must be true or false".formatted(flag, text));
    };
  }

  private static double share(String text) {
    try {
      double share = Double.parseDouble(text);
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number out of range is.
    }
    throw new IllegalArgumentException(
        "--rate-limit-share is \"%s\"; must be a number above 0 and at most 1".formatted(text));
  }
}
