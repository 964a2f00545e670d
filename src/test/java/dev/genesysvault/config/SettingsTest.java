package dev.genesysvault.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.config.NetworkSettings.Given;
import dev.genesysvault.logging.LogFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
                "true",
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
                true,
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
                "false",
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
                false));
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
                "maybe",
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
            "/s", text, "1", "1s", "1s", "1s", "1s", "1s", Given.NOTHING, "", "", "text", "", "");

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
                "",
                "text",
                "",
                ""))
        .isInstanceOf(Settings.InvalidException.class)
        .hasMessage(
            "--token-folder is \"%s\"; must be an absolute path of a folder that exists, or empty for none",
            text.strip());
  }
}
