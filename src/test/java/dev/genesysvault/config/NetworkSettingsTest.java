package dev.genesysvault.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.config.NetworkSettings.Given;
import dev.genesysvault.network.ProxyLogIn;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags before the environment, and there lower case before upper case. */
final class NetworkSettingsTest {
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  private Optional<NetworkSettings> parsed(
      String proxy, String noProxy, String credentialsFile, String caFile) {
    return NetworkSettings.parse(
        problems,
        new Given(
            proxy,
            noProxy,
            credentialsFile,
            caFile,
            name -> Optional.ofNullable(environment.get(name))));
  }

  private NetworkSettings right(String proxy, String noProxy) {
    var settings = parsed(proxy, noProxy, "", "");
    assertThat(problems).isEmpty();
    return settings.orElseThrow();
  }

  private String problem(String proxy, String noProxy, String credentialsFile, String caFile) {
    assertThat(parsed(proxy, noProxy, credentialsFile, caFile)).isEmpty();
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  private static String proxy(NetworkSettings settings) {
    return settings
        .rules()
        .map(rules -> rules.proxy().map(ProxyUrl::toString).orElse("none"))
        .orElse("the JVM's");
  }

  /** Variables are told as {@code name=value}, with commas between them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | the JVM's",
        "'' | HTTPS_PROXY=http://upper.test:1 | upper.test:1",
        "'' | https_proxy=http://lower.test:1 | lower.test:1",
        "'' | HTTPS_PROXY=http://upper.test:1,https_proxy=http://lower.test:1 | lower.test:1",
        "'' | HTTPS_PROXY=http://upper.test:1,https_proxy= | upper.test:1",
        "'' | HTTP_PROXY=http://upper.test:1,http_proxy=http://lower.test:1 | the JVM's",
        "'' | ALL_PROXY=http://all.test:1 | the JVM's",
        "'' | https_proxy=none | none",
        "http://flag.test:2 | '' | flag.test:2",
        "http://flag.test:2 | https_proxy=http://lower.test:1 | flag.test:2",
        "' flag.test:2 ' | https_proxy=nonsense | flag.test:2",
        "none | https_proxy=http://lower.test:1 | none",
      })
  void which_proxy_it_is(String flag, String variables, String proxy) {
    for (var each : variables.split(",", -1)) {
      var parts = each.split("=", 2);
      environment.put(parts[0], parts.length > 1 ? parts[1] : "");
    }

    assertThat(proxy(right(flag, ""))).isEqualTo(proxy);
  }

  @Test
  void the_flag_is_for_every_url_and_the_environment_for_https_alone() {
    assertThat(right("http://flag.test:2", "").rules().map(ProxyRules::httpsAlone)).contains(false);
    environment.put("HTTPS_PROXY", "http://upper.test:1");
    assertThat(right("", "").rules().map(ProxyRules::httpsAlone)).contains(true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | '' | NoProxy[0]",
        "'' | a.test | '' | NoProxy[1]",
        "'' | a.test | a.test,b.test | NoProxy[2]",
        "'' | a.test | '' | NoProxy[1]",
        "a.test,b.test,c.test | a.test | a.test,b.test | NoProxy[3]",
      })
  void where_no_proxy_leads(String flag, String upper, String lower, String list) {
    environment.put("NO_PROXY", upper);
    environment.put("no_proxy", lower);

    assertThat(right("http://flag.test:2", flag).rules().map(it -> it.except().toString()))
        .contains(list);
  }

  @Test
  void no_proxy_has_no_say_where_there_is_none() {
    environment.put("NO_PROXY", "x".repeat(100_000));

    assertThat(proxy(right("", ""))).isEqualTo("the JVM's");
    assertThat(proxy(right("none", ""))).isEqualTo("none");
  }

  @Test
  void what_means_nothing_is_refused_by_the_flag_and_told_of_the_environment() {
    environment.put("NO_PROXY", "a.test,192.168.*,<local>");

    assertThat(right("http://flag.test:2", "").rules().map(it -> it.except().notUnderstood()))
        .contains(List.of("192.168.*", "<local>"));
    assertThat(problem("http://flag.test:2", "a.test,192.168.*", "", ""))
        .startsWith("--no-proxy has \"192.168.*\"; must be names, addresses and networks");
  }

  @Test
  void the_environment_may_bring_a_log_in_that_no_text_shows() {
    environment.put("HTTPS_PROXY", "http://vault:s3%20cret@upper.test:1");

    var settings = right("", "");

    assertThat(settings.rules().flatMap(ProxyRules::proxy).flatMap(ProxyUrl::logIn))
        .map(ProxyLogIn::user)
        .contains("vault");
    assertThat(settings.toString()).doesNotContain("s3");
  }

  @Test
  void a_log_in_by_flag_is_refused_and_how_to_give_it_is_told() {
    assertThat(problem("http://vault:s3cret@proxy.test:3128", "", "", ""))
        .isEqualTo(
            "--proxy is \"http://…@proxy.test:3128\"; must be without user and password, which everybody on this host sees in the list of processes: write user:password into a file, and give that with --proxy-credentials-file");
    problems.clear();
    assertThat(problem("vault:s3%cret@proxy.test", "", "", ""))
        .contains("--proxy-credentials-file")
        .doesNotContain("s3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy.test | --proxy is \"proxy.test\"; must be http://HOST:PORT",
        "https://proxy.test:3128 | --proxy is \"https://proxy.test:3128\"; must be http://HOST:PORT",
        "socks5://proxy.test:1080 | --proxy is \"socks5://proxy.test:1080\"; must be http://HOST:PORT",
      })
  void a_bad_proxy_is_told_with_its_value_and_what_is_allowed(String flag, String told) {
    assertThat(problem(flag, "", "", "")).startsWith(told);
  }

  @Test
  void a_bad_variable_is_told_by_its_name_without_its_log_in() {
    environment.put("HTTPS_PROXY", "https://vault:s3cret@upper.test:1");
    assertThat(problem("", "", "", ""))
        .startsWith("HTTPS_PROXY is \"https://…@upper.test:1\"; must be http://HOST:PORT");

    problems.clear();
    environment.put("https_proxy", "http://vault:s3cret%@lower.test:1");
    assertThat(problem("", "", "", ""))
        .startsWith("https_proxy is \"http://…@lower.test:1\"; its user and password must be");

    problems.clear();
    environment.put("no_proxy", "a.test,".repeat(2_000));
    assertThat(problem("http://flag.test:2", "", "", ""))
        .isEqualTo("no_proxy must have at most 1,000 hosts");
  }

  @Test
  void files_are_absolute_paths_and_a_log_in_is_for_a_proxy() {
    assertThat(parsed("http://flag.test:2", "", "/etc/x/log-in", "/etc/x/ca.pem"))
        .map(it -> List.of(it.credentialsFile(), it.caFile()))
        .contains(
            List.of(Optional.of(Path.of("/etc/x/log-in")), Optional.of(Path.of("/etc/x/ca.pem"))));
    assertThat(problem("", "", "", "ca.pem"))
        .isEqualTo("--ca-file is \"ca.pem\"; must be an absolute path");
    problems.clear();
    assertThat(problem("", "", "/etc/x/log-in", ""))
        .isEqualTo(
            "--proxy-credentials-file is \"/etc/x/log-in\", but there is no proxy; must be given with --proxy or HTTPS_PROXY");
  }
}
