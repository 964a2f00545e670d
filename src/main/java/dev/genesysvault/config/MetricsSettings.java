package dev.genesysvault.config;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.GivenUrls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What metrics show, and where they are pushed beside being scraped.
 *
 * @param roleLabel whether they may name roles
 * @param otlp where they are pushed over OTLP; empty for nowhere
 * @param cloudWatchNamespace under which they are pushed to CloudWatch; empty for nowhere
 * @param pushInterval between two pushes, 10 s to 1 h
 */
public record MetricsSettings(
    boolean roleLabel,
    Optional<Otlp> otlp,
    Optional<String> cloudWatchNamespace,
    Duration pushInterval) {
  /** As often as most collectors scrape. */
  public static final String DEFAULT_PUSH_INTERVAL = "60s";

  /** Scraped alone, without names of roles. */
  public static final MetricsSettings SCRAPED =
      new MetricsSettings(false, Optional.empty(), Optional.empty(), Duration.ofMinutes(1));

  private static final String ENDPOINT = "--metrics-otlp-endpoint";
  private static final String HEADERS = "--metrics-otlp-headers-file";
  private static final String NAMESPACE = "--metrics-cloudwatch-namespace";
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int LONGEST_NAMESPACE = 255;
  private static final int LONGEST_SHOWN = 100;

  /**
   * A receiver of OTLP over HTTP.
   *
   * @param endpoint the whole URL, such as {@code http://127.0.0.1:4318/v1/metrics}
   * @param headersFile with headers to send, which may hold a key; empty for none
   */
  public record Otlp(URI endpoint, Optional<Path> headersFile) {}

  /**
   * What an operator gave; an empty text is nothing.
   *
   * @param roleLabel of {@code --metrics-role-label}
   * @param otlpEndpoint of {@code --metrics-otlp-endpoint}
   * @param otlpHeadersFile of {@code --metrics-otlp-headers-file}
   * @param cloudWatchNamespace of {@code --metrics-cloudwatch-namespace}
   * @param pushInterval of {@code --metrics-push-interval}
   */
  public record Given(
      String roleLabel,
      String otlpEndpoint,
      String otlpHeadersFile,
      String cloudWatchNamespace,
      String pushInterval) {
    /** Nothing but what is so by default. */
    public static final Given NOTHING = new Given("", "", "", "", DEFAULT_PUSH_INTERVAL);
  }

  /** Whether metrics are pushed anywhere. */
  public boolean pushed() {
    return otlp.isPresent() || cloudWatchNamespace.isPresent();
  }

  /**
   * Reads what was given.
   *
   * @param problems gets a line for each: setting, value, what is allowed
   */
  static Optional<MetricsSettings> parse(List<String> problems, Given given) {
    int before = problems.size();
    var roles =
        Settings.parse(
            problems, given.roleLabel(), text -> Settings.flag("--metrics-role-label", text));
    var endpoint = Settings.parse(problems, given.otlpEndpoint(), MetricsSettings::endpoint);
    var headers = Settings.parse(problems, given.otlpHeadersFile(), MetricsSettings::file);
    var namespace =
        Settings.parse(problems, given.cloudWatchNamespace(), MetricsSettings::namespace);
    var interval = Settings.parse(problems, given.pushInterval(), MetricsSettings::interval);
    if (problems.size() == before) {
      check(problems, endpoint.orElseThrow(), headers.orElseThrow());
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new MetricsSettings(
            roles.orElseThrow(),
            endpoint.orElseThrow().map(url -> new Otlp(url, headers.orElseThrow())),
            namespace.orElseThrow(),
            interval.orElseThrow()));
  }

  private static void check(List<String> problems, Optional<URI> endpoint, Optional<Path> headers) {
    if (headers.isEmpty()) {
      return;
    }
    if (endpoint.isEmpty()) {
      problems.add(
          "%s is \"%s\", but nothing is pushed; must be given with %s"
              .formatted(HEADERS, headers.get(), ENDPOINT));
    } else if (!scheme(endpoint.get()).equals("https")
        && !GivenUrls.isLoopback(endpoint.get().getHost())) {
      problems.add(
          "%s is given, and %s is \"%s\"; must be https there, since headers may hold a key"
              .formatted(
                  HEADERS, ENDPOINT, GivenUrls.shown(endpoint.get().toString(), LONGEST_SHOWN)));
    }
  }

  private static String scheme(URI url) {
    return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
  }

  private static Optional<URI> endpoint(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var url = new URI(text);
      boolean http = List.of("http", "https").contains(scheme(url));
      if (http
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException _) {
      // Told below, as another text that is no such URL is.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; must be a whole http or https URL without a log-in, such as http://127.0.0.1:4318/v1/metrics, or empty for none: a key goes into %s"
            .formatted(ENDPOINT, GivenUrls.shown(text, LONGEST_SHOWN), HEADERS));
  }

  private static Optional<Path> file(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var path = Path.of(text);
      if (path.isAbsolute()) {
        return Optional.of(path);
      }
    } catch (InvalidPathException _) {
      // Told below, as a relative one is.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; must be an absolute path, or empty for none"
            .formatted(HEADERS, Texts.printable(text, LONGEST_SHOWN)));
  }

  private static Optional<String> namespace(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    boolean fits =
        text.length() <= LONGEST_NAMESPACE
            && text.chars().allMatch(MetricsSettings::ofNamespace)
            && !text.startsWith("AWS/")
            && !text.startsWith(":");
    if (!fits) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; must be 1 to %d of the characters a-z A-Z 0-9 . - _ / # :, beginning neither with : nor with AWS/, or empty for none"
              .formatted(NAMESPACE, Texts.printable(text, LONGEST_SHOWN), LONGEST_NAMESPACE));
    }
    return Optional.of(text);
  }

  private static boolean ofNamespace(int c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || ".-_/#:".indexOf(c) >= 0);
  }

  private static Duration interval(String text) {
    var interval = Settings.duration("--metrics-push-interval", text);
    if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "--metrics-push-interval is \"%s\"; must be a duration from 10s to 1h, such as 60s"
              .formatted(text));
    }
    return interval;
  }
}
