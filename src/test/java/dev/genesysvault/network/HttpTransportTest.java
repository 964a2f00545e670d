package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Reply;
import dev.genesysvault.network.Transport.Request;
import dev.genesysvault.resilience.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpTransportTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** RFC 8446: a record of type alert, TLS 1.2, two bytes: fatal, handshake_failure. */
  private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

  private final HttpTransport transport =
      new HttpTransport(new SystemTime(), Network.ofJvm(List.of()));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> served = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void serve(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          served.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  private Request request(String method, String body, Duration timeout) {
    return request(server.getAddress().getPort(), method, body, timeout);
  }

  private static Request request(int port, String method, String body, Duration timeout) {
    return new Request(
        method,
        URI.create("http://127.0.0.1:" + port + "/path?q=1"),
        Map.of("X-Test", "yes", "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8),
        timeout);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Takes a reply in whole, however long it is. */
  private Reply exchange(Request request) throws FailedException, InterruptedException {
    var replies = new ArrayList<Reply>();
    transport.exchange(request, (head, body) -> replies.add(new Reply(head, body.readAllBytes())));
    return replies.getFirst();
  }

  private FailedException failure(Request request) {
    return catchThrowableOfType(FailedException.class, () -> exchange(request));
  }

  @Test
  void sends_method_headers_and_body_and_gives_the_reply_back() throws Exception {
    serve(exchange -> {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("ININ-Correlation-Id", "cid-1");
      send(exchange, 418, body + exchange.getRequestHeaders().getFirst("X-Test"));
    });

    var reply = exchange(request("PUT", "bödy ", LONG));

    assertThat(reply.status()).isEqualTo(418);
    assertThat(reply.header("inin-correlation-id")).contains("cid-1");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("bödy yes");
    assertThat(served).containsExactly("PUT /path?q=1");
  }

  @Test
  void follows_no_redirect_and_keeps_no_cookie() throws Exception {
    var cookies = Collections.synchronizedList(new ArrayList<String>());
    serve(exchange -> {
      cookies.add(String.valueOf(exchange.getRequestHeaders().getFirst("Cookie")));
      exchange.getResponseHeaders().set("Location", "/elsewhere");
      exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
      exchange.sendResponseHeaders(302, -1);
    });

    assertThat(exchange(request("GET", "", LONG)).status()).isEqualTo(302);
    assertThat(exchange(request("GET", "", LONG)).status()).isEqualTo(302);

    assertThat(served).containsOnly("GET /path?q=1").hasSize(2);
    assertThat(cookies).containsOnly("null");
  }

  @Test
  void gives_a_401_back_as_it_is() throws Exception {
    serve(exchange -> exchange.sendResponseHeaders(401, -1));

    assertThat(exchange(request("GET", "", LONG)).status()).isEqualTo(401);
  }

  @Test
  void a_refused_connection_never_left() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    assertThat(failure(request(port, "POST", "{}", LONG)).mayHaveArrived()).isFalse();
  }

  @Test
  void an_unresolved_host_never_left() {
    var request =
        new Request("POST", URI.create("http://nowhere.invalid/"), Map.of(), new byte[] {1}, LONG);

    assertThat(failure(request).mayHaveArrived()).isFalse();
  }

  @Test
  void a_failed_handshake_never_left() throws Exception {
    try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var answered =
          executor.submit(() -> {
            try (var connection = plain.accept()) {
              // A refusal that comes before the greeting may be read before that is sent.
              int first = connection.getInputStream().read();
              connection.getOutputStream().write(HANDSHAKE_FAILURE);
              var _ = connection.getInputStream().readAllBytes();
              return first;
            }
          });
      var request =
          new Request(
              "POST",
              URI.create("https://127.0.0.1:" + plain.getLocalPort() + "/"),
              Map.of(),
              new byte[] {1},
              LONG);

      var failure = failure(request);

      assertThat(failure.mayHaveArrived()).as(failure.getMessage()).isFalse();
      assertThat(answered.get(30, TimeUnit.SECONDS)).isNotNegative();
    }
  }

  @Test
  void a_cut_connection_may_have_arrived_and_is_not_asked_again() {
    serve(exchange -> exchange.getRequestBody().readAllBytes());

    assertThat(failure(request("POST", "{}", LONG)).mayHaveArrived()).isTrue();
    assertThat(served).hasSize(1);
  }

  @Test
  void a_reply_that_breaks_off_may_have_arrived() {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
    });

    assertThat(failure(request("POST", "{}", LONG)).mayHaveArrived()).isTrue();
  }

  @Test
  void a_silent_server_may_have_acted() throws Exception {
    var release = new CountDownLatch(1);
    serve(exchange -> await(release));

    var failure = failure(request("POST", "{}", Duration.ofMillis(300)));
    release.countDown();

    assertThat(failure.mayHaveArrived()).isTrue();
    assertThat(failure).hasMessage("no reply within 300 ms");
  }

  @Test
  void the_timeout_covers_a_body_that_drips() throws Exception {
    var release = new CountDownLatch(1);
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      await(release);
    });

    var failure = failure(request("POST", "{}", Duration.ofMillis(300)));
    release.countDown();

    assertThat(failure.mayHaveArrived()).isTrue();
  }

  @Test
  void an_interruption_ends_the_exchange() throws Exception {
    var arrived = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    serve(exchange -> {
      arrived.countDown();
      await(release);
    });
    var ended = new CountDownLatch(1);
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                exchange(request("GET", "", LONG));
              } catch (InterruptedException _) {
                ended.countDown();
              } catch (FailedException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

    caller.interrupt();

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  @Test
  void an_interrupted_task_begins_no_exchange() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> exchange(request("GET", "", LONG)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void a_reply_that_goes_on_may_take_longer_than_any_silence() throws Exception {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 8; i++) {
        exchange.getResponseBody().write(("part " + i).getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        pause(100);
      }
    });

    var reply = exchange(silentAtMost(Duration.ofMillis(500)));

    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).startsWith("part 0").endsWith("7");
  }

  @Test
  void a_silence_ends_a_reply_before_and_after_its_first_byte() throws Exception {
    var release = new CountDownLatch(1);
    var requests = new AtomicInteger();
    serve(exchange -> {
      if (requests.incrementAndGet() > 1) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
      }
      await(release);
    });

    for (int i = 0; i < 2; i++) {
      var failure = failure(silentAtMost(Duration.ofMillis(300)));
      assertThat(failure.mayHaveArrived()).isTrue();
      assertThat(failure).hasMessage("nothing arrived for 300 ms");
    }
    release.countDown();
  }

  private Request silentAtMost(Duration silence) {
    var usual = request("GET", "", LONG);
    return new Request(
        usual.method(), usual.uri(), usual.headers(), usual.body(), Duration.ofDays(1), silence);
  }

  @Test
  void hands_a_reply_on_before_it_has_ended() throws Exception {
    var release = new CountDownLatch(1);
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('a');
      exchange.getResponseBody().flush();
      await(release);
      exchange.getResponseBody().write('b');
    });
    var read = new ArrayList<Integer>();

    transport.exchange(
        request("GET", "", LONG),
        (head, body) -> {
          read.add(body.read());
          release.countDown();
          read.add(body.read());
          read.add(body.read());
        });

    assertThat(read).containsExactly((int) 'a', (int) 'b', -1);
  }

  @Test
  void what_is_not_read_of_a_reply_is_not_sent() throws Exception {
    var sent = new AtomicLong();
    var over = new CountDownLatch(1);
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      var chunk = new byte[1 << 16];
      try {
        for (int i = 0; i < 4_000; i++) {
          exchange.getResponseBody().write(chunk);
          sent.addAndGet(chunk.length);
        }
      } finally {
        over.countDown();
      }
    });

    transport.exchange(
        request("GET", "", LONG), (head, body) -> assertThat(body.readNBytes(10)).hasSize(10));

    assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sent.get()).as("what sockets hold").isLessThan(100L << 20);
  }

  @Test
  void does_not_quote_a_header_that_it_cannot_send() {
    var request =
        new Request(
            "GET",
            URI.create("http://127.0.0.1:1/"),
            Map.of("Authorization", "Bearer bad\nsecret"),
            new byte[0],
            LONG);

    var failure = failure(request);

    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(failure).hasNoCause().hasMessageNotContaining("secret");
  }

  @Test
  void a_post_without_a_body_says_that_it_has_none() throws Exception {
    var lengths = Collections.synchronizedList(new ArrayList<String>());
    serve(exchange -> {
      lengths.add(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Length")));
      exchange.sendResponseHeaders(204, -1);
    });

    exchange(request("POST", "", LONG));
    exchange(request("DELETE", "", LONG));

    assertThat(lengths).containsExactly("0", "null");
  }

  @Test
  void a_connection_is_used_again_whose_reply_was_read_no_further_than_its_length()
      throws Exception {
    var ports = Collections.synchronizedSet(new HashSet<Integer>());
    serve(exchange -> {
      ports.add(exchange.getRemoteAddress().getPort());
      send(exchange, 200, "{}");
    });

    for (int i = 0; i < 5; i++) {
      transport.exchange(
          request("GET", "", LONG), (_, body) -> assertThat(body.readNBytes(2)).hasSize(2));
    }

    assertThat(ports).hasSize(1);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      var _ = latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
