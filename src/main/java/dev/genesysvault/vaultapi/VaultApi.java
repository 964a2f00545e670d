package dev.genesysvault.vaultapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Vault's HTTP API, asked patiently: a limit is waited out as the answer says, and what is away is
 * asked again.
 */
public final class VaultApi {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Longer than Vault lets a request last by default. */
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);

  /** For how long one request is asked again. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** How often in a row what is away is asked again. */
  private static final int MOST_TRIES = 8;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final VaultAccess access;
  private final HttpClient http;
  private final Time time;
  private final Pace pace;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong waits = new AtomicLong();

  public VaultApi(VaultAccess access, Time time, Pace pace) {
    this.access = access;
    this.http = access.client();
    this.time = time;
    this.pace = pace;
  }

  /** Returns how many requests were sent so far. */
  public long requests() {
    return requests.get();
  }

  /** Returns how many of them were answered by a wish to wait. */
  public long waits() {
    return waits.get();
  }

  /**
   * Reads.
   *
   * @param path below {@code v1/}, with its query
   */
  public Answer get(String path) throws InterruptedException {
    return patient("GET", path, Map::of);
  }

  /** Deletes. */
  public Answer delete(String path) throws InterruptedException {
    return patient("DELETE", path, Map::of);
  }

  /**
   * Writes.
   *
   * @param body asked for anew at each try, since times in it pass
   */
  public Answer put(String path, Supplier<Map<String, Object>> body) throws InterruptedException {
    return patient("PUT", path, body);
  }

  /** Returns how far Vault's clock is ahead of this one; nothing where it does not say. */
  public Duration clockAhead() throws InterruptedException {
    // Asked without the namespace, since only the root knows it.
    var answer = once("GET", "sys/health?standbyok=true&perfstandbyok=true", Map::of, "");
    long seconds = answer.body().path("server_time_utc").asLong(0);
    var ahead = Duration.between(time.now(), Instant.ofEpochSecond(seconds));
    // It has seconds alone.
    return seconds == 0 || ahead.abs().compareTo(Duration.ofSeconds(2)) < 0 ? Duration.ZERO : ahead;
  }

  private Answer patient(String method, String path, Supplier<Map<String, Object>> body)
      throws InterruptedException {
    long begun = time.nanos();
    var backoff = FIRST_WAIT;
    int away = 0;
    while (true) {
      pace.awaitPause();
      var answer = once(method, path, body, access.namespace());
      away = answer.away() ? away + 1 : 0;
      boolean again = answer.asksToWait() || (answer.away() && away < MOST_TRIES);
      if (!again || time.nanos() - begun > PATIENCE.toNanos()) {
        return answer;
      }
      var wait = answer.saidWait().orElse(backoff);
      backoff = least(backoff.multipliedBy(2), LONGEST_WAIT);
      if (answer.asksToWait()) {
        waits.incrementAndGet();
        pace.pause(wait);
      } else {
        time.sleep(wait);
      }
    }
  }

  private Answer once(
      String method, String path, Supplier<Map<String, Object>> body, String namespace)
      throws InterruptedException {
    requests.incrementAndGet();
    try {
      var fields = body.get();
      var publisher =
          fields.isEmpty()
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(fields));
      var request =
          HttpRequest.newBuilder(URI.create(access.address() + "/v1/" + path))
              .header("X-Vault-Token", access.token().reveal())
              .header("X-Vault-Request", "true")
              .timeout(LONGEST_REQUEST)
              .method(method, publisher);
      if (!namespace.isEmpty()) {
        request.header("X-Vault-Namespace", namespace);
      }
      return answer(http.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException _) {
      return new Answer(Answer.NONE, MAPPER.createObjectNode(), "");
    }
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    var retryAfter = response.headers().firstValue("Retry-After").orElse("");
    return new Answer(response.statusCode(), tree(response.body()), retryAfter);
  }

  /** What a proxy answers is no JSON, and nothing follows from it. */
  private static JsonNode tree(byte[] body) {
    try {
      var tree = MAPPER.readTree(body);
      return tree == null ? MAPPER.createObjectNode() : tree;
    } catch (IOException _) {
      return MAPPER.createObjectNode();
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
