package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Request;
import dev.genesysvault.resilience.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies that no server of a library would send, byte by byte. */
final class OddRepliesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final HttpTransport transport =
      new HttpTransport(new SystemTime(), Network.ofJvm(List.of()));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private static Request post(ServerSocket server, Duration timeout) {
    return new Request(
        "POST",
        URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"),
        Map.of(),
        new byte[] {'{', '}'},
        timeout);
  }

  private int status(Request request) throws FailedException, InterruptedException {
    var statuses = new ArrayList<Integer>();
    transport.exchange(
        request,
        (head, body) -> {
          var _ = body.readAllBytes();
          statuses.add(head.status());
        });
    return statuses.getFirst();
  }

  private FailedException failure(Request request) {
    return catchThrowableOfType(FailedException.class, () -> status(request));
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers each connection, one after the other. */
  private void everyConnection(ServerSocket listening, Answer answer) {
    var _ =
        executor.submit(() -> {
          while (!listening.isClosed()) {
            try (var connection = listening.accept()) {
              answer.to(connection);
            } catch (SocketException _) {
              // The other side has hung up.
            }
          }
          return 0;
        });
  }

  @FunctionalInterface
  private interface Answer {
    void to(Socket connection) throws IOException;
  }

  private static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void a_head_that_drips_is_over_when_the_time_is() throws Exception {
    try (var dripping = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      everyConnection(
          dripping,
          connection -> {
            write(connection, "HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 600; i++) {
              write(connection, "X-%d: y\r\n".formatted(i % 10));
              pause(50);
            }
          });

      var failure = failure(post(dripping, Duration.ofMillis(400)));

      assertThat(failure).hasMessage("no reply within 400 ms");
      assertThat(failure.mayHaveArrived()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 100000", "1000, 10"})
  void a_head_without_end_is_not_taken_in(int headers, int bytes) throws Exception {
    try (var endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      everyConnection(
          endless,
          connection -> {
            write(connection, "HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < headers; i++) {
              write(connection, "X: %s\r\n".formatted("y".repeat(bytes)));
            }
            write(connection, "Content-Length: 0\r\n\r\n");
          });

      var failure = failure(post(endless, LONG));

      assertThat(failure).hasMessage("the connection broke: MessageConstraintException");
      assertThat(failure.mayHaveArrived()).isTrue();
    }
  }

  @Test
  void what_came_unasked_is_not_the_answer_to_the_next_request() throws Exception {
    try (var talkative = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var said = new Semaphore(0);
      everyConnection(
          talkative,
          connection -> {
            var _ = connection.getInputStream().read(new byte[1 << 12]);
            write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            pause(20);
            write(connection, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
            said.release();
            // Until the other side hangs up.
            var _ = connection.getInputStream().read();
          });
      var post = post(talkative, LONG);

      for (int i = 0; i < 3; i++) {
        assertThat(status(post)).isEqualTo(200);
        assertThat(said.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        pause(150);
      }
    }
  }

  /** Answers the first request of each connection, and hangs up at the second. */
  private void everyOther(ServerSocket server, List<String> asked) {
    everyConnection(
        server,
        connection -> {
          for (int i = 0; i < 2; i++) {
            var request = new byte[1 << 12];
            int length = connection.getInputStream().read(request);
            if (length < 0) {
              return;
            }
            asked.add(new String(request, 0, 4, StandardCharsets.US_ASCII).strip());
            if (i == 0) {
              write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            }
          }
        });
  }

  @Test
  void what_may_be_done_twice_is_sent_once_more_where_its_connection_ended_and_nothing_else()
      throws Exception {
    try (var fickle = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var asked = new CopyOnWriteArrayList<String>();
      everyOther(fickle, asked);
      var post = post(fickle, LONG);
      var put = new Request("PUT", post.uri(), Map.of(), new byte[0], LONG);

      assertThat(status(put)).isEqualTo(200);
      assertThat(status(put)).isEqualTo(200);
      assertThat(asked).containsExactly("PUT", "PUT", "PUT");
      var failure = failure(post);

      assertThat(failure.mayHaveArrived()).as(failure.getMessage()).isTrue();
      assertThat(asked).containsExactly("PUT", "PUT", "PUT", "POST");
    }
  }

  @Test
  void a_connection_on_which_the_other_side_hung_up_is_not_used_again() throws Exception {
    try (var impatient = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var hungUp = new Semaphore(0);
      everyConnection(
          impatient,
          connection -> {
            var _ = connection.getInputStream().read(new byte[1 << 12]);
            write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            connection.close();
            hungUp.release();
          });
      var post = post(impatient, LONG);

      for (int i = 0; i < 3; i++) {
        assertThat(status(post)).isEqualTo(200);
        assertThat(hungUp.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        // After which an idle connection is looked at before its next use.
        pause(150);
      }
    }
  }
}
