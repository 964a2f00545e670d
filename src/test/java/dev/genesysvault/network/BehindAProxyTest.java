package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Request;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.testing.ForwardProxy;
import dev.genesysvault.testing.PrivateCa;
import dev.genesysvault.testing.TlsFront;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real proxy, and a certificate of an authority that nobody knows. */
final class BehindAProxyTest {
  private static final URI API = URI.create("https://api.genesys.test/x?q=1");
  private static final URI PLAIN = URI.create("http://api.genesys.test/x?q=1");

  private final ForwardProxy proxy = ForwardProxy.start();
  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<TlsFront> fronts = new ArrayList<>();
  private final List<X509Certificate> trusted;
  private Optional<ProxyLogIn> logIn = Optional.empty();

  BehindAProxyTest(@TempDir Path folder) throws Exception {
    trusted = CaFile.read("--ca-file", PrivateCa.file(folder));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            served.add(
                "%s %s %s"
                    .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders().keySet().stream()
                            .filter(name -> name.regionMatches(true, 0, "Proxy-", 0, 6))
                            .toList()));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
    front(PrivateCa.server());
    proxy.leadsTo("api.genesys.test:80", server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    proxy.close();
    fronts.forEach(TlsFront::close);
    server.stop(0);
  }

  private void front(SSLContext tls) throws Exception {
    var front = TlsFront.start(tls, server.getAddress().getPort());
    fronts.add(front);
    proxy.leadsTo("api.genesys.test:443", front.port());
  }

  private Network network(List<X509Certificate> authorities) {
    return network(proxy.url(), authorities);
  }

  private Network network(String url, List<X509Certificate> authorities) {
    var rules = new ProxyRules(Optional.of(ProxyUrl.parse(url)), false, NoProxy.NONE);
    return Network.of(rules, () -> logIn, authorities);
  }

  private static int status(Network network, URI uri) throws Exception {
    var statuses = new ArrayList<Integer>();
    new HttpTransport(new SystemTime(), network)
        .exchange(request(uri), (head, _) -> statuses.add(head.status()));
    return statuses.getFirst();
  }

  private static FailedException failure(Network network, URI uri) {
    return failure(network, request(uri));
  }

  private static FailedException failure(Network network, Request request) {
    return catchThrowableOfType(
        FailedException.class,
        () -> new HttpTransport(new SystemTime(), network).exchange(request, (_, _) -> {}));
  }

  private static Request request(URI uri) {
    return new Request("POST", uri, Map.of(), new byte[] {1}, Duration.ofSeconds(30));
  }

  @Test
  void goes_through_the_proxy_to_a_name_that_the_proxy_alone_knows() throws Exception {
    assertThat(status(network(trusted), API)).isEqualTo(204);

    assertThat(served).containsExactly("POST /x?q=1 []");
    assertThat(proxy.seen()).containsExactly("CONNECT api.genesys.test:443 200");
  }

  @Test
  void plain_http_is_forwarded_and_logs_in_without_being_asked() throws Exception {
    proxy.wants("vault", "p@ss:word");
    logIn = Optional.of(ProxyLogIn.of("vault", "p@ss:word"));

    assertThat(status(network(trusted), PLAIN)).isEqualTo(204);

    assertThat(served).containsExactly("POST /x?q=1 []");
    assertThat(proxy.seen()).containsExactly("POST http://api.genesys.test/x?q=1 200");
  }

  @Test
  void no_log_in_for_the_proxy_reaches_a_server_that_no_proxy_leads_to() throws Exception {
    logIn = Optional.of(ProxyLogIn.of("vault", "secret"));

    var near = URI.create("http://127.0.0.1:%d/near".formatted(server.getAddress().getPort()));
    assertThat(status(network(trusted), near)).isEqualTo(204);

    assertThat(served).containsExactly("POST /near []");
    assertThat(proxy.seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "407, ': it asks for a log-in, which --proxy-credentials-file gives'",
    "503, ''",
    "403, ''"
  })
  void a_proxy_that_refuses_to_connect_is_told_as_that(int status, String more) {
    proxy.refuseWith(status);

    var failure = failure(network(trusted), API);

    assertThat(failure)
        .hasMessage(
            "the proxy at 127.0.0.1:%d refused to connect to api.genesys.test:443 with HTTP %d%s"
                .formatted(proxy.port(), status, more));
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(proxy.seen()).containsExactly("CONNECT api.genesys.test:443 " + status);
  }

  @ParameterizedTest
  @CsvSource({"https://api.genesys.test/x, 443", "http://api.genesys.test/x, 80"})
  void a_log_in_that_the_proxy_does_not_take_is_told_by_its_user(URI uri, int port) {
    proxy.wants("vault", "right");
    logIn = Optional.of(ProxyLogIn.of("vault", "s3cret"));

    var failure = failure(network(trusted), uri);

    assertThat(failure)
        .hasNoCause()
        .hasMessage(
            "the proxy at 127.0.0.1:%d refused to connect to api.genesys.test:%d with HTTP 407: it does not take the log-in of \"vault\""
                .formatted(proxy.port(), port));
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(served).isEmpty();
  }

  @Test
  void a_proxy_that_is_not_there_is_told_as_that() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    var failure = failure(network("127.0.0.1:" + port, trusted), API);

    assertThat(failure)
        .hasMessage(
            "no connection to the proxy at 127.0.0.1:%d: it cannot be reached".formatted(port));
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(failure(network("nowhere.invalid:3128", trusted), API))
        .hasMessage(
            "no connection to the proxy at nowhere.invalid:3128: this host knows no address of that name");
  }

  @Test
  void nothing_has_left_where_a_proxy_says_nothing_to_a_connect() throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var hasty = new Request("POST", API, Map.of(), new byte[] {1}, Duration.ofSeconds(1));

      var failure = failure(network("127.0.0.1:" + silent.getLocalPort(), trusted), hasty);

      assertThat(failure)
          .hasMessage(
              "no connection to api.genesys.test:443 through the proxy at 127.0.0.1:%d within 1000 ms"
                  .formatted(silent.getLocalPort()));
      assertThat(failure.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void nothing_has_left_where_a_proxy_hangs_up() throws Exception {
    try (var rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            while (true) {
              try (var connection = rude.accept()) {
                var _ = connection.getInputStream().read();
              } catch (IOException _) {
                return;
              }
            }
          });

      var failure = failure(network("127.0.0.1:" + rude.getLocalPort(), trusted), API);

      assertThat(failure)
          .hasMessage(
              "no connection to api.genesys.test:443 through the proxy at 127.0.0.1:%d: it broke (NoHttpResponseException)"
                  .formatted(rude.getLocalPort()));
      assertThat(failure.mayHaveArrived()).isFalse();
    }
  }

  /** In TLS 1.2 whoever says farewell waits for the other's. */
  @Test
  @Timeout(20)
  void a_reply_that_is_none_over_tls_is_not_waited_for() throws Exception {
    var sockets = PrivateCa.server().getServerSocketFactory();
    try (var odd =
        (SSLServerSocket) sockets.createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      odd.setEnabledProtocols(new String[] {"TLSv1.2"});
      proxy.leadsTo("api.genesys.test:443", odd.getLocalPort());
      var over = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            try (var connection = odd.accept()) {
              var _ = connection.getInputStream().read(new byte[1 << 12]);
              connection
                  .getOutputStream()
                  .write("HTTP/1.1 99 Odd\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              over.await();
            } catch (IOException | InterruptedException _) {
              // It is over.
            }
          });

      var failure = failure(network(trusted), API);
      over.countDown();

      assertThat(failure.mayHaveArrived()).as(failure.getMessage()).isTrue();
    }
  }

  @Test
  void a_host_without_a_proxy_is_told_by_its_name() {
    var direct = Network.of(ProxyRules.NONE, Optional::empty, List.of());

    var failure = failure(direct, URI.create("https://nowhere.invalid/x"));

    assertThat(failure)
        .hasMessage(
            "no connection to nowhere.invalid:443: this host knows no address of that name");
    assertThat(failure.mayHaveArrived()).isFalse();
  }

  @Test
  void a_certificate_that_is_not_trusted_is_told_by_its_names_and_what_to_do() {
    var failure = failure(network(List.of()), API);

    assertThat(failure)
        .hasMessage(
            "no connection to api.genesys.test:443 through the proxy at 127.0.0.1:%d: its certificate is not trusted: it is of \"%s\", and issued by \"%s\": if that is your own authority, or that of a proxy that looks into TLS, give its certificate with --ca-file"
                .formatted(proxy.port(), PrivateCa.SERVER_NAME, PrivateCa.NAME));
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(served).isEmpty();
  }

  @Test
  void a_certificate_for_other_hosts_is_refused_whoever_issued_it() {
    proxy.leadsTo("api.other.test:443", fronts.getFirst().port());

    var failure = failure(network(trusted), URI.create("https://api.other.test/x"));

    assertThat(failure)
        .hasMessageContaining("its certificate is not trusted")
        .hasMessageContaining("api.other.test")
        .hasMessageNotContaining("--ca-file");
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(served).isEmpty();
  }

  @Test
  void a_certificate_whose_time_is_over_is_told_as_that() throws Exception {
    front(PrivateCa.expired());

    assertThat(failure(network(trusted), API))
        .hasMessageEndingWith("it, or one that it depends on, has expired");
    assertThat(served).isEmpty();
  }
}
