package dev.genesysvault.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.config.NetworkSettings.Given;
import dev.genesysvault.logging.LogFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
  @TempDir Path folder;

  @Test
  void reads_what_is_right() throws Exception {
    assertThat(
            Settings.parse(
                "/run/x.sock",
                "127.0.0.1:9092",
                "0.5",
                "30s",
                "1h",
                "2s",
                "3m",
                "4m",
                Given.NOTHING,
                folder.toString(),
                new MetricsSettings.Given(
                    "true",
                    "https://otlp.example/v1/metrics",
                    "/etc/headers",
                    "Genesys/Vault",
                    "2m"),
                "json",
                "true",
                "vault-1.example, B.example"))
        .isEqualTo(
            new Settings(
                Path.of("/run/x.sock"),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092)),
                0.5,
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(4),
                NetworkSettings.OF_JVM,
                Optional.of(folder),
                new MetricsSettings(
                    true,
                    Optional.of(
                        new MetricsSettings.Otlp(
                            URI.create("https://otlp.example/v1/metrics"),
                            Optional.of(Path.of("/etc/headers")))),
                    Optional.of("Genesys/Vault"),
                    Duration.ofMinutes(2)),
                LogFormat.JSON,
                new PageSettings(true, List.of("vault-1.example", "b.example"))));
  }

  @Test
  void has_defaults_that_are_right() throws Exception {
    assertThat(
            Settings.parse(
                Settings.DEFAULT_SOCKET,
                "",
                Settings.DEFAULT_RATE_LIMIT_SHARE,
                Settings.DEFAULT_LONGEST_REQUEST,
                Settings.DEFAULT_VISIBILITY_DELAY,
                Settings.DEFAULT_PROPAGATION_DELAY,
                Settings.DEFAULT_OVERDUE_AFTER,
                Settings.DEFAULT_ALARM_DELAY,
                Given.NOTHING,
                "",
                MetricsSettings.Given.NOTHING,
                "text",
                "false",
                ""))
        .isEqualTo(
            new Settings(
                Path.of("/run/genesys-sidecar/sidecar.sock"),
                Optional.empty(),
                0.9,
                Duration.ofSeconds(90),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                NetworkSettings.OF_JVM,
                Optional.empty(),
                MetricsSettings.SCRAPED));
  }

  @Test
  void reports_every_problem_at_once() {
    assertThatThrownBy(() ->
            Settings.parse(
                "relative.sock",
                "nowhere",
                "1.5",
                "90",
                "25h",
                "soon",
                "0s",
                "-1s",
                new Given("proxy", "", "", "ca.pem", _ -> Optional.empty()),
                "tokens",
                new MetricsSettings.Given("maybe", "collector:4318", "headers", "AWS/Lambda", "1s"),
                "xml",
                "perhaps",
                "a.example:80"))
        .isInstanceOf(Settings.InvalidException.class)
        .hasMessageContaining("--socket is \"relative.sock\"")
        .hasMessageContaining("--management-address is \"nowhere\"")
        .hasMessageContaining("--metrics-role-label is \"maybe\"; must be true or false")
        .hasMessageContaining("--log-format is \"xml\"; must be text or json")
        .hasMessageContaining("--page-names is \"perhaps\"; must be true or false")
        .hasMessageContaining("--page-hosts has \"a.example:80\"")
        .hasMessageContaining("--metrics-otlp-endpoint is \"collector:4318\"; must be a whole http")
        .hasMessageContaining("--metrics-otlp-headers-file is \"headers\"")
        .hasMessageContaining("--metrics-cloudwatch-namespace is \"AWS/Lambda\"")
        .hasMessageContaining(
            "--metrics-push-interval is \"1s\"; must be a duration from 10s to 1h")
        .hasMessageContaining("--rate-limit-share is \"1.5\"")
        .hasMessageContaining("--longest-request is \"90\"")
        .hasMessageContaining("--visibility-delay is \"25h\"")
        .hasMessageContaining("--propagation-delay is \"soon\"")
        .hasMessageContaining("--overdue-after is \"0s\"")
        .hasMessageContaining("--alarm-delay is \"-1s\"")
        .hasMessageContaining("--proxy is \"proxy\"")
        .hasMessageContaining("--ca-file is \"ca.pem\"")
        .hasMessageContaining("--token-folder is \"tokens\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9092", ":9092", "127.0.0.1:9092"})
  void a_management_address_is_the_loopback_one_unless_another_is_named(String text)
      throws Exception {
    var settings =
        Settings.parse(
            "/s",
            text,
            "1",
            "1s",
            "1s",
            "1s",
            "1s",
            "1s",
            Given.NOTHING,
            "",
            MetricsSettings.Given.NOTHING,
            "text",
            "",
            "");

    assertThat(settings.management())
        .contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens", "/no/such/folder", "/dev/null", "\u0000"})
  void a_token_folder_is_one_that_exists(String text) {
    assertThatThrownBy(() ->
            Settings.parse(
                Settings.DEFAULT_SOCKET,
                "",
                "1",
                "1s",
                "1s",
                "1s",
                "1s",
                "1s",
                Given.NOTHING,
                text,
                MetricsSettings.Given.NOTHING,
                "text",
                "",
                ""))
        .isInstanceOf(Settings.InvalidException.class)
        .hasMessage(
            "--token-folder is \"%s\"; must be an absolute path of a folder that exists, or empty for none",
            text.strip());
  }

  private static void given(MetricsSettings.Given given) throws Settings.InvalidException {
    var _ =
        Settings.parse(
            Settings.DEFAULT_SOCKET,
            "",
            "1",
            "1s",
            "1s",
            "1s",
            "1s",
            "1s",
            Given.NOTHING,
            "",
            given,
            "text",
            "",
            "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://otlp.example/v1/metrics",
        "https:///v1/metrics",
        "https://user:s3cr3t@otlp.example/v1/metrics",
        "https://otlp.example/v1/metrics#s3cr3t",
        "https://otlp example"
      })
  void an_endpoint_is_a_whole_url_without_a_log_in(String text) {
    assertThatThrownBy(() -> given(new MetricsSettings.Given("", text, "", "", "60s")))
        .isInstanceOf(Settings.InvalidException.class)
        .hasMessageStartingWith("--metrics-otlp-endpoint is")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void headers_leave_this_host_by_https_alone() throws Exception {
    given(new MetricsSettings.Given("", "http://localhost:4318/v1/metrics", "/h", "", "60s"));
    given(new MetricsSettings.Given("", "http://collector:4318/v1/metrics", "", "", "60s"));
    assertThatThrownBy(() ->
            given(
                new MetricsSettings.Given("", "http://collector:4318/v1/metrics", "/h", "", "60s")))
        .hasMessageContaining("must be https there");
    assertThatThrownBy(() -> given(new MetricsSettings.Given("", "", "/h", "", "60s")))
        .hasMessageContaining("must be given with --metrics-otlp-endpoint");
  }
}
