package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin knows of a sidecar that hangs or is away, and says by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SilentSidecarTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What is promised, and a second for a busy machine. */
  private static final Duration OF_STATUS = Duration.ofSeconds(4);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /** After this long a sidecar that hangs is known as one, and a second on a busy machine. */
  private static final Duration KNOWN = Duration.ofSeconds(8);

  private final Stack stack;
  private Books books;

  SilentSidecarTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    books = new Books(stack, "genesys");
  }

  @BeforeEach
  void awaitSession() throws Exception {
    Eventually.is("the session is open", PATIENCE, () -> status().path("session").asBoolean());
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    stack.ensureSidecar();
    awaitSession();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_sidecar_that_hangs_is_known_as_one_without_anybody_waiting_for_it() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    stack.suspendSidecar();
    long begun = System.nanoTime();
    try {
      Timed first = timed("genesys/status");

      assertThat(first.took()).isLessThan(OF_STATUS);
      assertSaysBySelf(first.data(), "the sidecar does not answer since ");
      Eventually.is(
          "it is known",
          KNOWN,
          () -> timed("genesys/status").took().compareTo(Duration.ofMillis(500)) < 0);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(KNOWN.plus(OF_STATUS));

      Timed creds = timed("genesys/creds/demo");
      assertThat(creds.answer().status()).isEqualTo(503);
      assertThat(creds.answer().errors())
          .contains("the sidecar does not answer since", "nothing had begun");
      assertThat(creds.took()).isLessThan(AT_ONCE);

      long revoked = System.nanoTime();
      stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
      assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(AT_ONCE);
      assertThat(books.journal()).hasSize(1);

      Timed last = timed("genesys/status");
      assertThat(last.took()).isLessThan(AT_ONCE);
      assertSaysBySelf(last.data(), "the sidecar does not answer since ");
      assertThat(journaled(last)).isEqualTo(journaled(first) + 1);
      assertThat(last.data().path("session_error").asText()).contains("does not answer since");
      assertThat(stack.logsIn(lease.getData())).isTrue();
    } finally {
      stack.resumeSidecar();
    }
    Eventually.is("it is known to answer", AT_ONCE, () -> !status().has("sidecar_error"));
    assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(200);
    Eventually.is("the client is gone", PATIENCE, () -> !stack.logsIn(lease.getData()));
    Eventually.is("the journal is empty", PATIENCE, () -> books.journal().isEmpty());
  }

  @Test
  void status_of_a_sidecar_that_was_killed_says_that_it_cannot_be_reached() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    stack.killSidecar();

    Timed first = timed("genesys/status");

    assertThat(first.took()).isLessThan(OF_STATUS);
    assertSaysBySelf(first.data(), "the sidecar cannot be reached since ");
    assertThat(first.data().path("sidecar_error").asText()).contains(stack.socket().toString());
    assertThat(Instant.parse(first.data().path("session_missing_since").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(503);
    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
    Timed last = timed("genesys/status");
    assertThat(last.took()).isLessThan(AT_ONCE);
    assertThat(journaled(last)).isEqualTo(journaled(first) + 1);

    stack.startSidecar();
    Eventually.is("the client is gone", PATIENCE, () -> !stack.logsIn(lease.getData()));
    awaitSession();
    assertThat(status().has("sidecar_error")).isFalse();
  }

  @Test
  void one_request_that_hangs_is_no_outage() throws Exception {
    stack.genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "hold", "before"));
    var held = CompletableFuture.supplyAsync(this::creds);
    stack.genesys.awaitHeld();

    long begun = System.nanoTime();
    while (Duration.ofNanos(System.nanoTime() - begun).compareTo(KNOWN) < 0) {
      assertThat(status().path("sidecar_version").asText()).isNotEmpty();
    }

    assertThat(held).isNotDone();
    stack.genesys.clearFaults();
    var _ = held.get(60, TimeUnit.SECONDS);
    assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(200);
  }

  private static int journaled(Timed status) {
    return status.data().path("journaled").asInt();
  }

  private static void assertSaysBySelf(JsonNode data, String why) {
    assertThat(data.path("sidecar_error").asText()).startsWith(why);
    assertThat(data.path("session").asBoolean(true)).isFalse();
    assertThat(data.path("shim_version").asText()).startsWith("v");
    assertThat(data.path("protocol_version").asInt()).isEqualTo(1);
    assertThat(data.path("descriptor_sha256").asText()).hasSize(64);
    assertThat(data.has("sidecar_version")).isFalse();
  }

  private record Timed(VaultHttp.Answer answer, Duration took) {
    /** What was answered, which must be an answer. */
    JsonNode data() {
      assertThat(answer.status()).as(answer.errors()).isEqualTo(200);
      return answer.body().path("data");
    }
  }

  private Timed timed(String path) throws Exception {
    long begun = System.nanoTime();
    var answer = stack.http.get(path);
    return new Timed(answer, Duration.ofNanos(System.nanoTime() - begun));
  }

  private JsonNode status() throws Exception {
    return stack.http.data("genesys/status");
  }

  private int creds() {
    try {
      return stack.http.get("genesys/creds/demo").status();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
