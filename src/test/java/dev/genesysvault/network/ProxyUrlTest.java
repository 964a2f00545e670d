package dev.genesysvault.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyUrlTest {
  private static String said(ProxyLogIn logIn) {
    var header = logIn.header().reveal();
    assertThat(header).startsWith("Basic ");
    return new String(Base64.getDecoder().decode(header.substring(6)), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example:3128, proxy.example, 3128",
    "http://proxy.example:3128/, proxy.example, 3128",
    "HTTP://Proxy.Example:80, proxy.example, 80",
    "proxy.example:3128, proxy.example, 3128",
    "http://10.1.2.3:65535, 10.1.2.3, 65535",
    "http://[2001:db8::1]:3128, 2001:db8::1, 3128",
    "http://egress_proxy:8080, egress_proxy, 8080",
  })
  void reads_host_and_port(String text, String host, int port) {
    var proxy = ProxyUrl.parse(text);

    assertThat(proxy.host()).isEqualTo(host);
    assertThat(proxy.port()).isEqualTo(port);
    assertThat(proxy.logIn()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://vault:secret@proxy.test:3128, vault:secret",
    "vault:secret@proxy.test:3128, vault:secret",
    "http://vault:p%40ss%3Aw%2Frd%25@proxy.test:3128, vault:p@ss:w/rd%",
    "http://vault:p@ss@proxy.test:3128, vault:p@ss",
    "http://vault:a:b@proxy.test:3128, vault:a:b",
    "http://vault:a+b@proxy.test:3128, vault:a+b",
    "http://v%C3%A4ult:s%C3%BC%C3%9F@proxy.test:3128, väult:süß",
    "http://vault@proxy.test:3128, vault:",
    "http://corp%5Cvault:secret@proxy.test:3128, corp\\vault:secret",
  })
  void reads_a_log_in_that_is_percent_encoded(String text, String said) {
    var proxy = ProxyUrl.parse(text);

    assertThat(proxy.logIn().map(ProxyUrlTest::said)).contains(said);
    assertThat(proxy.host()).isEqualTo("proxy.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy.test",
        "http://proxy.test",
        "http://proxy.test:",
        "http://proxy.test:0",
        "http://proxy.test:65536",
        "http://proxy.test:port",
        "http://:3128",
        "http://proxy.test:3128/path",
        "http://proxy.test:3128?q",
        "http://pro xy.test:3128",
        "http://2001:db8::1:3128",
        "http://[proxy.test]:3128",
        "https://proxy.test:3128",
        "socks5://proxy.test:1080",
        "http://http://proxy.test:3128",
        "http://s3cret%@proxy.test:3128",
        "http://vault:s3cret%4@proxy.test:3128",
        "http://vault:s3cret%zz@proxy.test:3128",
        "http://vault:s3cret%FF@proxy.test:3128",
        "http://vault:s3cret%0A@proxy.test:3128",
        "http://:s3cret@proxy.test:3128",
        "http://va%3Ault:s3cret@proxy.test:3128",
        "http://vault:s3cret@proxy.test",
      })
  void refuses_what_is_no_such_url_and_quotes_nothing_of_it(String text) {
    assertThatThrownBy(() -> ProxyUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be")
        .hasMessageNotContaining("s3cret")
        .hasMessageNotContaining("proxy.test");
  }

  @ParameterizedTest
  @CsvSource({
    "http://vault:s3cret@proxy.test:3128, http://…@proxy.test:3128",
    "http://vault:s3@cret@proxy.test:x, http://…@proxy.test:…",
    "vault:s3://cret@proxy.test, …@proxy.test",
    "http://vault:s3#/?cret@proxy.test:1, http://…@proxy.test:1",
    "http://vault:s3cret, http://vault:…",
    "vault:s3cret, vault:…",
    "socks5://proxy.test:1080, socks5://proxy.test:1080",
    "proxy.test, proxy.test",
  })
  void shows_no_log_in(String text, String shown) {
    assertThat(ProxyUrl.withoutLogIn(text)).isEqualTo(shown);
  }

  @Test
  void no_text_of_it_has_the_password() {
    var proxy = ProxyUrl.parse("http://vault:s3cret@proxy.test:3128");

    assertThat(proxy).hasToString("proxy.test:3128");
    assertThat(proxy.logIn()).hasToString("Optional[ProxyLogIn[vault]]");
    assertThat(new ProxyRules(java.util.Optional.of(proxy), true, NoProxy.NONE).toString())
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", ":s3cret", "vault:s3\ncret", "va\tult:s3cret", ""})
  void a_line_that_is_no_log_in_is_refused_without_quoting_it(String line) {
    assertThatThrownBy(() -> ProxyLogIn.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be")
        .hasMessageNotContaining("s3");
  }
}
