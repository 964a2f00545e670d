package dev.genesysvault.destination.google;

import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.network.ProxyLogIn;
import dev.genesysvault.testing.PlayedSecretManager;
import dev.genesysvault.testing.PrivateCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way to Secret Manager: its proxy, whom it trusts, and what is left of it. */
final class GcpConnectionTest {
  private final OtherGoogle other = new OtherGoogle();

  GcpConnectionTest() throws Exception {
    other.secrets().make(SECRET);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  private String unreached(String... settings) throws InterruptedException {
    var failure = failure(other.open(settings), VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    return failure.why().text();
  }

  @Test
  void the_way_is_through_the_proxy_and_asks_for_no_token() throws Exception {
    sent(other.open(), VALUE);

    assertThat(other.proxy.seen()).containsExactly("CONNECT secretmanager.genesys.test:443 200");
    assertThat(other.google.headers().getFirst())
        .contains("authorization", "x-goog-request-params")
        .doesNotContain("proxy-authorization");
  }

  @Test
  void googles_own_address_is_asked_where_no_endpoint_is_given() throws Exception {
    var settings = OtherGoogle.settings();
    settings.remove("endpoint");
    settings.put("location", "europe-west3");

    failure(other.kind().open(settings), VALUE);
    assertThat(other.proxy.seen())
        .contains("CONNECT secretmanager.europe-west3.rep.googleapis.com:443 502");
  }

  @Test
  void a_proxy_may_want_a_log_in() throws Exception {
    other.proxy.wants("vault", "pa:ss");

    assertThat(unreached())
        .contains(
            "the proxy at 127.0.0.1:%d refused to connect to secretmanager.genesys.test:443 with HTTP 407: it asks for a log-in"
                .formatted(other.proxy.port()));
    other.logIn = Optional.of(ProxyLogIn.of("vault", "wrong"));
    assertThat(unreached()).contains("does not take the log-in of \"vault\"");
    other.logIn = Optional.of(ProxyLogIn.of("vault", "pa:ss"));
    assertThat(sent(other.open(), VALUE)).isEqualTo("1");
  }

  @Test
  void a_proxy_that_refuses_is_said() throws Exception {
    other.proxy.refuseWith(403);

    assertThat(unreached()).contains("refused to connect", "with HTTP 403");
  }

  @Test
  void a_way_that_is_mended_is_taken_at_once() throws Exception {
    var destination = other.open();
    other.proxy.refuseWith(403);
    for (int i = 0; i < 4; i++) {
      assertThat(OtherGoogle.failure(destination, VALUE).why().text()).contains("HTTP 403");
    }
    other.proxy.letThrough();

    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void a_proxy_that_is_away_is_said() throws Exception {
    other.proxy.close();

    assertThat(unreached())
        .contains("no connection to the proxy at 127.0.0.1:%d".formatted(other.proxy.port()));
  }

  @Test
  void nobody_is_believed_to_be_another_host() throws Exception {
    other.proxy.leadsTo("secretmanager.other.test:443", other.google.port());

    assertThat(unreached("endpoint", "secretmanager.other.test"))
        .contains("no connection to secretmanager.other.test:443 through the proxy")
        .contains("its certificate is not trusted", "secretmanager.other.test");
    assertThat(other.google.calls()).isEmpty();
  }

  @Test
  void a_certificate_whose_time_is_over_is_said() throws Exception {
    try (var expired = PlayedSecretManager.start(PrivateCa.expired())) {
      other.proxy.leadsTo("expired.genesys.test:443", expired.port());

      assertThat(unreached("endpoint", "expired.genesys.test")).contains("has expired");
    }
  }

  @Test
  void a_connection_that_breaks_is_made_again() throws Exception {
    var destination = other.open();
    sent(destination, VALUE);
    other.google.hang(
        "AccessSecretVersion",
        () -> {
          try {
            other.proxy.cut();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    DestinationFailure failure = failure(destination, VALUE);
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
  }

  @Test
  void a_service_of_metadata_is_reached_without_the_proxy() {
    assertThat(other.network.proxyTo(URI.create("http://metadata.google.internal/x"))).isEmpty();
  }

  @Test
  void what_is_opened_again_and_again_leaves_neither_connections_nor_threads() throws Exception {
    sent(other.open(), VALUE);
    long before = threads();
    for (int i = 0; i < 30; i++) {
      sent(other.open(), VALUE);
    }
    assertThat(threads()).isLessThan(before + 10);

    for (int i = 0; i < 100 && other.google.connections() > 0; i++) {
      System.gc();
      Thread.sleep(Duration.ofMillis(100));
    }
    assertThat(other.google.connections()).isZero();
  }

  @Test
  void an_open_destination_that_was_not_asked_has_no_connection() {
    for (int i = 0; i < 1_000; i++) {
      other.open();
    }

    assertThat(other.proxy.seen()).isEmpty();
  }

  private static long threads() {
    return Thread.getAllStackTraces().size();
  }
}
