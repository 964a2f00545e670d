package dev.genesysvault.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.observe.ManagementExchange.Answers;
import dev.genesysvault.observe.MetricsText.Page;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedOverview;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port answers who asks, and nobody can do more there than ask. */
@Timeout(60)
final class ManagementServerTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final BugLog bugs = new BugLog(new FakeTime());
  private final List<Socket> held = new ArrayList<>();
  private volatile boolean serving = true;
  private volatile byte[] large = {};
  private ManagementServer server = start(Duration.ofMinutes(5));

  private ManagementServer start(Duration patience) {
    try {
      return ManagementServer.start(ANY, answers(), patience);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Answers answers() {
    var health =
        new Health(
            () -> serving,
            "v1",
            FakeTime.START,
            new PlayedOverview(),
            List::of,
            new FakeTime(),
            new SystemLocks());
    return new Answers(
        health,
        this::metrics,
        this::page,
        new HostCheck(List.of("vault-1.example")),
        new VirtualThreadTasks(),
        bugs);
  }

  private Optional<Answer> page(String path) {
    return path.equals("/")
        ? Optional.of(
            new Answer(200, "text/html", "the page".getBytes(US_ASCII), Map.of("X-Played", "yes")))
        : Optional.empty();
  }

  private Page metrics(String accept) {
    if (accept.equals("bug")) {
      throw new IllegalStateException("nobody scrapes");
    }
    return large.length > 0
        ? new Page("text/played", large)
        : new Page("text/played", ("accepted " + accept + "\n").getBytes(US_ASCII));
  }

  @AfterEach
  void end() throws IOException {
    server.close();
    for (var socket : held) {
      socket.close();
    }
  }

  @Test
  void says_whether_the_sidecar_serves() throws Exception {
    assertThat(ask("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/plain\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nserving\n");
    assertThat(ask("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("content-type: application/json\r\n")
        .contains("\"status\":\"serving\"");
    assertThat(ask("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nready\n");
    serving = false;
    assertThat(ask("GET /health?verbose HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 503 ")
        .contains("\"status\":\"stopping\"");
    assertThat(ask("GET /health/ready HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 503 ")
        .contains("not ready: ");
    assertThat(ask("GET /health/live HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("live\n");
  }

  @Test
  void shows_pages_with_their_headers() throws Exception {
    assertThat(ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("x-played: yes\r\n")
        .endsWith("\r\n\r\nthe page");
  }

  @Test
  void answers_head_with_a_length_and_no_body() throws Exception {
    assertThat(ask("HEAD /health HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/plain\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("content-length: 8\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"})
  void refuses_every_other_verb(String verb) throws Exception {
    assertThat(ask(verb + " /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("allow: GET, HEAD\r\n");
  }

  @Test
  void knows_no_other_path() throws Exception {
    assertThat(ask("GET /metric HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("GET /health/../etc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void shows_the_metrics_in_the_form_that_is_asked_for() throws Exception {
    assertThat(
            ask("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("content-type: text/played\r\n")
        .endsWith("\r\n\r\naccepted a/b,c/d\n");
    assertThat(ask("HEAD /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("content-length: 10\r\n")
        .endsWith("\r\n\r\n");
    assertThat(ask("POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ");
  }

  @Test
  void readers_that_are_slow_hold_a_piece_of_one_page_each() throws Exception {
    var page = new byte[8 << 20];
    Arrays.fill(page, (byte) 'x');
    large = page;
    var slow = new ArrayList<Socket>();
    long before = PlatformDependent.usedDirectMemory();
    for (int i = 0; i < ManagementServer.MOST_CONNECTIONS - 1; i++) {
      var socket = connect();
      socket.getOutputStream().write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      slow.add(socket);
    }
    for (var socket : slow) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(page.length * 2L);
    assertThat(readAll(slow.getFirst())).endsWith("xxx").hasSizeGreaterThan(page.length);
  }

  @Test
  void answers_with_an_error_where_the_metrics_met_a_bug() throws Exception {
    assertThat(ask("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: bug\r\n\r\n"))
        .startsWith("HTTP/1.1 500 ")
        .doesNotContain("nobody scrapes");
    assertThat(ask("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).contains("serving");
  }

  @Test
  void refuses_what_is_too_long_or_no_http() throws Exception {
    assertThat(ask("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 414 ");
    assertThat(ask("GET /health HTTP/1.1\r\nA: " + "x".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(ask("\u0016\u0003\u0001 hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void answers_one_request_a_connection() throws Exception {
    var twice = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(2);

    assertThat(ask(twice).split("HTTP/1.1 200", -1)).hasSize(2);
  }

  @Test
  void cuts_whoever_takes_too_long() throws Exception {
    server.close();
    server = start(Duration.ofMillis(200));
    var slow = connect();
    slow.getOutputStream().write("GET /health HTTP/1.1\r\nA: ".getBytes(US_ASCII));

    // Returns when the other side has closed, however much is sent meanwhile.
    assertThat(readAll(slow)).isEmpty();
  }

  @Test
  void serves_while_two_thousand_others_keep_half_a_request() throws Exception {
    var half = ("GET /health HTTP/1.1\r\nA: " + "x".repeat(2000)).getBytes(US_ASCII);
    for (int i = 0; i < 2000; i++) {
      var socket = connect();
      try {
        socket.getOutputStream().write(half);
      } catch (IOException _) {
        // Cut already, as the oldest are.
      }
      if (i % 100 == 99) {
        assertThat(ask("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).contains("serving");
      }
    }

    int cut = 0;
    for (var socket : held.subList(0, held.size() - 2 * ManagementServer.MOST_CONNECTIONS)) {
      socket.setSoTimeout(20_000);
      cut += readAll(socket).isEmpty() ? 1 : 0;
    }
    assertThat(cut).isEqualTo(held.size() - 2 * ManagementServer.MOST_CONNECTIONS);
  }

  @Test
  void says_which_address_cannot_be_used() {
    assertThatThrownBy(() ->
            ManagementServer.start(server.address(), answers(), Duration.ofSeconds(1)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("management address")
        .hasMessageContaining(String.valueOf(server.address().getPort()));
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    socket.connect(server.address());
    held.add(socket);
    return socket;
  }

  private String ask(String request) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(server.address());
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return readAll(socket);
    }
  }

  private static String readAll(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (SocketException _) {
      // Reset: what was sent after the end met nobody.
      return "";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page.json", "/health", "/metrics", "/nowhere"})
  void whoever_led_another_name_here_gets_nothing(String path) throws Exception {
    var answer = ask("GET %s HTTP/1.1\r\nHost: evil.example:9092\r\n\r\n".formatted(path));

    assertThat(answer)
        .startsWith("HTTP/1.1 403 ")
        .contains("\"evil.example:9092\"", "--page-hosts")
        .doesNotContain("accepted", "serving", "the page");
    assertThat(ask("GET %s HTTP/1.1\r\nHost: localhost\r\nHost: x\r\n\r\n".formatted(path)))
        .startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.7:9092", "[::1]:9092", "localhost", "vault-1.example:9092"})
  void who_asks_by_an_address_or_a_known_name_gets_all(String host) throws Exception {
    for (var path : List.of("/", "/health", "/metrics")) {
      assertThat(ask("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(path, host)))
          .as(path)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void probes_may_ask_by_any_name_and_whoever_names_none_is_no_browser() throws Exception {
    for (var path : List.of("/health/live", "/health/ready")) {
      assertThat(ask("GET %s HTTP/1.1\r\nHost: any.example\r\n\r\n".formatted(path)))
          .as(path)
          .startsWith("HTTP/1.1 200 ");
    }
    assertThat(ask("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }
}
