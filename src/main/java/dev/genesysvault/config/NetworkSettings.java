package dev.genesysvault.config;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.NoProxy;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the process is to reach other hosts, as flags and environment say it. A flag goes before the
 * environment, and there a variable in lower case before the same in upper case, as for curl.
 *
 * @param rules which proxy leads where; empty for what the JVM's settings say
 * @param credentialsFile with the log-in for the proxy
 * @param caFile with authorities to trust beside those of the JVM
 */
public record NetworkSettings(
    Optional<ProxyRules> rules, Optional<Path> credentialsFile, Optional<Path> caFile) {
  /** What {@code --proxy} says for: no proxy, whatever the environment has. */
  public static final String NO_PROXY_AT_ALL = "none";

  /** The way that the JVM's settings say. */
  public static final NetworkSettings OF_JVM =
      new NetworkSettings(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int LONGEST_SHOWN = 100;
  private static final String PROXY = "--proxy";
  private static final String EXCEPT = "--no-proxy";
  private static final String CREDENTIALS = "--proxy-credentials-file";

  /**
   * What an operator gave; an empty text is nothing.
   *
   * @param proxy of {@code --proxy}
   * @param noProxy of {@code --no-proxy}
   * @param credentialsFile of {@code --proxy-credentials-file}
   * @param caFile of {@code --ca-file}
   * @param environment gives the value of a variable, which may hold a secret
   */
  public record Given(
      String proxy,
      String noProxy,
      String credentialsFile,
      String caFile,
      Function<String, Optional<String>> environment) {
    /** Nothing at all. */
    public static final Given NOTHING = new Given("", "", "", "", _ -> Optional.empty());

    /** Shows nothing of it: what is to be refused may hold a secret. */
    @Override
    public String toString() {
      return "Given[redacted]";
    }
  }

  /** A text, which may hold a secret, and where it is from. */
  private record Source(String name, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads what was given.
   *
   * @param problems gets a line for each: setting, value without secrets, what is allowed
   */
  static Optional<NetworkSettings> parse(List<String> problems, Given given) {
    int before = problems.size();
    var credentialsFile = file(problems, CREDENTIALS, given.credentialsFile());
    var caFile = file(problems, "--ca-file", given.caFile());
    boolean byFlag = !given.proxy().isBlank();
    var source =
        byFlag
            ? Optional.of(new Source(PROXY, given.proxy().strip()))
            : variable(given, "https_proxy", "HTTPS_PROXY");
    var rules = source.map(it -> rules(problems, given, it, byFlag));
    boolean without = rules.flatMap(ProxyRules::proxy).isEmpty();
    if (credentialsFile.isPresent() && without && problems.size() == before) {
      problems.add(
          "%s is \"%s\", but there is no proxy; must be given with %s or HTTPS_PROXY"
              .formatted(CREDENTIALS, credentialsFile.get(), PROXY));
    }
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(new NetworkSettings(rules, credentialsFile, caFile));
  }

  private static ProxyRules rules(
      List<String> problems, Given given, Source source, boolean byFlag) {
    return source.text().equals(NO_PROXY_AT_ALL)
        ? ProxyRules.NONE
        : new ProxyRules(proxy(problems, source, byFlag), !byFlag, except(problems, given));
  }

  private static Optional<Source> variable(Given given, String lower, String upper) {
    return List.of(lower, upper).stream()
        .flatMap(name ->
            given.environment().apply(name).stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> new Source(name, text)))
        .findFirst();
  }

  private static Optional<ProxyUrl> proxy(List<String> problems, Source source, boolean byFlag) {
    var shown = ProxyUrl.withoutLogIn(source.text());
    try {
      var proxy = ProxyUrl.parse(source.text());
      if (!byFlag || proxy.logIn().isEmpty()) {
        return Optional.of(proxy);
      }
    } catch (IllegalArgumentException e) {
      if (!byFlag || source.text().indexOf('@') < 0) {
        problems.add("%s is \"%s\"; %s".formatted(source.name(), shown, e.getMessage()));
        return Optional.empty();
      }
    }
    problems.add(
        "%s is \"%s\"; must be without user and password, which everybody on this host sees in the list of processes: write user:password into a file, and give that with %s"
            .formatted(source.name(), shown, CREDENTIALS));
    return Optional.empty();
  }

  /** In the environment, what means nothing here is left to other programs. */
  private static NoProxy except(List<String> problems, Given given) {
    boolean byFlag = !given.noProxy().isBlank();
    var source =
        byFlag
            ? Optional.of(new Source(EXCEPT, given.noProxy()))
            : variable(given, "no_proxy", "NO_PROXY");
    if (source.isEmpty()) {
      return NoProxy.NONE;
    }
    try {
      var except = NoProxy.parse(source.get().text());
      if (byFlag && !except.notUnderstood().isEmpty()) {
        problems.add(
            "%s has \"%s\"; must be names, addresses and networks such as example.com, 10.1.2.3:443 and 10.0.0.0/8, or *, with commas between them"
                .formatted(EXCEPT, Texts.cut(except.notUnderstood().getFirst(), LONGEST_SHOWN)));
      }
      return except;
    } catch (IllegalArgumentException e) {
      problems.add("%s %s".formatted(source.get().name(), e.getMessage()));
      return NoProxy.NONE;
    }
  }

  private static Optional<Path> file(List<String> problems, String flag, String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      var path = Path.of(text.strip());
      if (path.isAbsolute()) {
        return Optional.of(path);
      }
    } catch (InvalidPathException _) {
      // Told below, as a relative one is.
    }
    problems.add("%s is \"%s\"; must be an absolute path".formatted(flag, text.strip()));
    return Optional.empty();
  }
}
