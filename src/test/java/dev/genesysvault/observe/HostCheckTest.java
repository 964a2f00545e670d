package dev.genesysvault.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostCheckTest {
  private final HostCheck hosts = new HostCheck(List.of("vault-1.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "LOCALHOST:9092",
        "127.0.0.1",
        "127.0.0.1:9092",
        "10.0.0.7:9092",
        "[::1]",
        "[::1]:9092",
        "[fe80::1]:1",
        "vault-1.example",
        "Vault-1.example:9092"
      })
  void an_address_or_a_name_that_is_known_is_answered(String host) {
    assertThat(hosts.allows(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        ":9092",
        "evil.example",
        "evil.example:9092",
        "localhost.evil.example",
        "vault-1.example.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1,evil.example",
        "localhost,localhost",
        "300.0.0.1",
        "1.2.3",
        "[evil.example]",
        "[]",
        "[:",
        "localhost:x",
        "localhost:123456"
      })
  void whoever_may_have_led_a_name_here_is_not(String host) {
    assertThat(hosts.allows(host)).isFalse();
  }
}
