package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NoProxyTest {
  private static final Optional<ProxyUrl> PROXY = Optional.of(ProxyUrl.parse("proxy.test:3128"));

  private static boolean proxied(String except, String url) {
    return new ProxyRules(PROXY, false, NoProxy.parse(except))
        .proxyFor(URI.create(url))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com | https://example.com/",
        "example.com | https://api.example.com/x?y=z",
        "example.com | https://EXAMPLE.com/",
        "EXAMPLE.COM | https://a.b.example.com/",
        "example.com. | https://example.com/",
        "example.com | https://example.com./",
        ".example.com | https://api.example.com/",
        ".example.com | https://example.com/",
        "*.example.com | https://api.example.com/",
        "example.com:443 | https://example.com/",
        "example.com:8443 | https://api.example.com:8443/",
        "example.com:80 | http://example.com/",
        "a.test,example.com | https://example.com/",
        "a.test , example.com , | https://example.com/",
        "a.test example.com | https://example.com/",
        ",,example.com | https://example.com/",
        "* | https://example.com/",
        "a.test,* | https://[2001:db8::1]/",
        "10.1.2.3 | https://10.1.2.3/",
        "10.1.2.3:443 | https://10.1.2.3/",
        "10.0.0.0/8 | https://10.200.3.4:8200/",
        "10.1.2.3/32 | https://10.1.2.3/",
        "10.1.2.128/25 | https://10.1.2.200/",
        "0.0.0.0/0 | https://8.8.8.8/",
        "2001:db8::1 | https://[2001:db8::1]/",
        "[2001:db8::1] | https://[2001:DB8:0::1]/",
        "[2001:db8::1]:8443 | https://[2001:db8::1]:8443/",
        "2001:db8::/32 | https://[2001:db8:7::9]/",
      })
  void no_proxy_leads_to_what_an_entry_means(String except, String url) {
    assertThat(proxied(except, url)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | https://example.com/",
        "example.com | https://nonexample.com/",
        "example.com | https://example.com.evil.test/",
        "api.example.com | https://example.com/",
        "example.com:8443 | https://example.com/",
        "example.com:443 | http://example.com/",
        "com.evil | https://example.com/",
        "10.1.2.3 | https://10.1.2.30/",
        "10.1.2.3:80 | https://10.1.2.3/",
        "10.0.0.0/8 | https://11.0.0.1/",
        "10.1.2.128/25 | https://10.1.2.127/",
        "10.0.0.0/8 | https://10.example.com/",
        "2.3 | https://10.1.2.3/",
        "2001:db8::/33 | https://[2001:db8:8000::1]/",
        "2001:db8::1 | https://[2001:db8::2]/",
        "10.0.0.0/8 | https://[2001:db8::1]/",
      })
  void the_proxy_leads_to_everything_else(String except, String url) {
    assertThat(proxied(except, url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9090/",
        "http://api.localhost/",
        "http://127.0.0.1:9090/",
        "http://127.8.8.8/",
        "https://[::1]:8200/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://0.0.0.0:80/",
      })
  void no_proxy_leads_to_this_host_and_its_own_link(String url) {
    assertThat(proxied("", url)).isFalse();
  }

  @Test
  void plain_http_goes_without_a_proxy_that_is_for_https_alone() {
    var rules = new ProxyRules(PROXY, true, NoProxy.NONE);

    assertThat(rules.proxyFor(URI.create("http://gateway.test/"))).isEmpty();
    assertThat(rules.proxyFor(URI.create("https://gateway.test/"))).isEqualTo(PROXY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/x",
        "10.0.0.0/",
        "2001:db8::/129",
        "example.com/8",
        "example.com:0",
        "example.com:65536",
        "example.com:https",
        "192.168.*",
        "<local>",
        "https://example.com",
        ".",
        "*.",
        "bücher.test",
        "[2001:db8::1",
      })
  void what_means_nothing_is_named_and_the_rest_holds(String entry) {
    var list = NoProxy.parse("a.test," + entry + ",b.test");

    assertThat(list.notUnderstood()).containsExactly(entry);
    assertThat(list.matches("a.test", 443)).isTrue();
    assertThat(list.matches("b.test", 443)).isTrue();
    assertThat(list.matches("c.test", 443)).isFalse();
  }

  @Test
  void a_list_has_its_bounds() {
    var hosts = String.join(",", Collections.nCopies(1_000, "a.test"));

    assertThat(NoProxy.parse(hosts).notUnderstood()).isEmpty();
    assertThatThrownBy(() -> NoProxy.parse(hosts + ",b.test"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have at most 1,000 hosts");
    assertThatThrownBy(() -> NoProxy.parse("a".repeat(65_537)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have at most 65,536 characters");
  }

  @Test
  @Timeout(20)
  void a_list_that_is_made_to_be_slow_is_not() {
    var begun = System.nanoTime();

    for (var part : new String[] {":", ".", "[", "a.", "1:", "/"}) {
      var list = NoProxy.parse(part.repeat(30_000));
      assertThat(list.matches("a.".repeat(120) + "test", 443)).isFalse();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }
}
