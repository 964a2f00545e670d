package dev.genesysvault.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.Head;
import dev.genesysvault.network.Transport.Receiver;
import dev.genesysvault.network.Transport.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.Delivery;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.testing.WatchedLocks;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Searched;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One list at a time, for all who asked before its first byte. */
@Timeout(60)
final class SharedListTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final SystemTime time = new SystemTime();
  private final WatchedLocks locks = new WatchedLocks();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final CountDownLatch givenUp = new CountDownLatch(1);

  /** A list begins, and goes on after its first byte, when a test says so. */
  private final CountDownLatch begins = new CountDownLatch(1);

  private final BlockingQueue<String> rest = new LinkedBlockingQueue<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final OAuthClients clients =
      new GenesysConnector(
              this::exchange,
              time,
              new VirtualThreadTasks(),
              locks,
              new MemoryBudget(1 << 20, time, locks),
              1,
              "test")
          .connect(
              new Endpoint(URI.create("https://api.test"), URI.create("https://login.test")),
              new Credential(new ClientId("own"), Secret.of("s3cr3t")))
          .clients();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private void exchange(Request request, Receiver receiver)
      throws Transport.FailedException, InterruptedException {
    if (request.uri().getPath().equals("/oauth/token")) {
      Delivery.whole(ScriptedTransport.token("t", 86_400).to(request), receiver);
      return;
    }
    lists.incrementAndGet();
    assertThat(atOnce.incrementAndGet()).isEqualTo(1);
    try {
      begins.await();
      var first = new ByteArrayInputStream("{\"entities\":[".getBytes(StandardCharsets.UTF_8));
      Delivery.deliver(
          new Head(200, Map.of()), new SequenceInputStream(first, waiting()), receiver);
    } catch (InterruptedException e) {
      givenUp.countDown();
      throw e;
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private InputStream waiting() {
    return new InputStream() {
      private InputStream present = InputStream.nullInputStream();
      private boolean asked;

      @Override
      public int read() throws IOException {
        if (!asked) {
          asked = true;
          begun.countDown();
          try {
            present = new ByteArrayInputStream(rest.take().getBytes(StandardCharsets.UTF_8));
          } catch (InterruptedException _) {
            throw new InterruptedIOException();
          }
        }
        return present.read();
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int next = read();
        if (next < 0) {
          return -1;
        }
        target[offset] = (byte) next;
        return 1;
      }
    };
  }

  private static String of(String... ids) {
    var entities = new StringBuilder();
    for (var id : ids) {
      entities.append(entities.isEmpty() ? "" : ",").append("{\"id\":\"%s\"}".formatted(id));
    }
    return entities + "],\"total\":%d}".formatted(ids.length);
  }

  private Future<Outcome<Searched>> ask(String id, Duration patience) {
    return executor.submit(() ->
        clients.search(
            client -> client.id().value().equals(id),
            new CallContext(Lane.ISSUE, Deadline.in(patience, time))));
  }

  private static Searched searched(Future<Outcome<Searched>> answer) throws Exception {
    return Connected.value(answer.get(30, TimeUnit.SECONDS));
  }

  @Test
  void eight_who_ask_before_its_first_byte_share_one_list() throws Exception {
    var answers = new ArrayList<Future<Outcome<Searched>>>();
    for (int i = 0; i < 8; i++) {
      answers.add(ask("c" + i, LONG));
    }
    locks.awaitWaits(8);
    begins.countDown();
    rest.add(of("c0", "c1", "c2", "c3", "c4", "c5", "c6", "x"));

    for (int i = 0; i < 8; i++) {
      var found = searched(answers.get(i)).found();
      assertThat(found).hasSize(i < 7 ? 1 : 0);
    }
    assertThat(lists).hasValue(1);
  }

  @Test
  void who_asks_after_its_first_byte_waits_for_the_next_one() throws Exception {
    begins.countDown();
    var early = ask("early", LONG);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    locks.awaitWaits(1);
    var asked = time.now();
    var late = ask("late", LONG);
    var later = ask("later", LONG);
    locks.awaitWaits(2);
    assertThat(lists).hasValue(1);

    rest.add(of("early", "late"));
    rest.add(of("later"));

    assertThat(searched(early).found()).hasSize(1);
    assertThat(searched(late).found()).isEmpty();
    assertThat(searched(later).found()).hasSize(1);
    assertThat(searched(late).begun()).isAfterOrEqualTo(asked);
    assertThat(searched(early).begun()).isBeforeOrEqualTo(asked);
    assertThat(lists).hasValue(2);
  }

  @Test
  void a_list_goes_on_for_those_who_still_wait_when_the_first_has_left() throws Exception {
    var first = ask("a", Duration.ofMillis(50));
    locks.awaitWaits(1);
    var second = ask("b", LONG);

    assertThat(Connected.failure(first.get(30, TimeUnit.SECONDS))).isInstanceOf(Unavailable.class);
    locks.awaitWaits(1);
    begins.countDown();
    rest.add(of("b"));

    assertThat(searched(second).found()).hasSize(1);
    assertThat(lists).hasValue(1);
  }

  @Test
  void a_list_that_nobody_waits_for_is_given_up() throws Exception {
    begins.countDown();
    var only = ask("a", LONG);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

    only.cancel(true);

    assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
    rest.add(of("b"));
    assertThat(searched(ask("b", LONG)).found()).hasSize(1);
  }

  @Test
  void who_does_not_wait_is_told_unless_he_looks_no_more() throws Exception {
    var told = new LinkedBlockingQueue<String>();
    var _ = clients.search(_ -> true, Lane.LOOK, outcome -> told.add("one " + outcome));
    var two = clients.search(_ -> true, Lane.LOOK, outcome -> told.add("two " + outcome));

    two.interrupt();
    begins.countDown();
    rest.add(of("a"));

    assertThat(told.poll(30, TimeUnit.SECONDS)).startsWith("one Ok");
    assertThat(told.poll()).isNull();
    two.interrupt();
  }

  @Test
  void a_predicate_that_throws_ends_the_list_and_not_the_next() throws Exception {
    begins.countDown();
    rest.add(of("a"));
    rest.add(of("a"));
    var broken =
        clients.search(
            _ -> {
              throw new IllegalStateException("told to throw");
            },
            new CallContext(Lane.ISSUE, Deadline.in(LONG, time)));

    assertThat(Connected.failure(broken).explanation()).contains("internal error");
    assertThat(searched(ask("a", LONG)).found()).hasSize(1);
  }

  private static void as(String request, Runnable asks) throws InterruptedException {
    var _ =
        LogContext.call(
            request,
            () -> "genesys/",
            () -> {
              asks.run();
              return "";
            });
  }

  @Test
  void who_is_told_is_told_in_his_own_name_and_a_list_is_read_in_that_of_its_mount()
      throws Exception {
    var told = new LinkedBlockingQueue<LogContext.Shown>();
    var readBy = new LinkedBlockingQueue<LogContext.Shown>();
    Runnable asks =
        () -> {
          var _ =
              clients.search(
                  _ -> readBy.add(LogContext.shown()),
                  Lane.LOOK,
                  _ -> told.add(LogContext.shown()));
        };
    as("one", asks);
    as("two", asks);
    begins.countDown();
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    as("late", asks);

    rest.add(of("a"));
    rest.add(of("a"));

    for (var request : List.of("one", "two", "late")) {
      assertThat(told.poll(30, TimeUnit.SECONDS))
          .isEqualTo(new LogContext.Shown(request, "genesys/", ""));
    }
    assertThat(readBy).hasSize(3).containsOnly(new LogContext.Shown("", "genesys/", ""));
  }
}
