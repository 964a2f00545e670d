package dev.genesysvault.vaultapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** A page of a thousand keys has less than one. */
  static final int LARGEST_BODY = 32 * 1024 * 1024;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final VaultAccess access;
  private final HttpClient http;
  private final Time time;
  private final Pace pace;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong waits = new AtomicLong();

  /** For how long outages may still be waited out. */
  private final AtomicLong patienceLeft;

  private final Duration longestRequest;

  /** Makes one that waits for each request until Vault is there again, however often. */
  public VaultApi(VaultAccess access, Time time, Pace pace) {
    this(access, time, pace, LONGEST_REQUEST, Duration.ofNanos(Long.MAX_VALUE));
  }

  private VaultApi(
      VaultAccess access, Time time, Pace pace, Duration longestRequest, Duration patience) {
    this.access = access;
    this.http = access.client();
    this.time = time;
    this.pace = pace;
    this.longestRequest = longestRequest;
    this.patienceLeft = new AtomicLong(patience.toNanos());
  }

  /**
   * Makes one for somebody who waits in front of a screen.
   *
   * @param patience for how long it waits for a Vault that is away, in all; a limit, which ends by
   *     itself, is waited out besides
   */
  public static VaultApi impatient(VaultAccess access, Time time, Pace pace, Duration patience) {
    return new VaultApi(access, time, pace, patience.dividedBy(4), patience);
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
      long sent = time.nanos();
      var answer = once(method, path, body, access.namespace());
      away = answer.away() ? away + 1 : 0;
      boolean again = answer.asksToWait() || (answer.away() && away < MOST_TRIES);
      if (!again || time.nanos() - begun > PATIENCE.toNanos()) {
        return answer;
      }
      var wait = answer.saidWait().orElse(backoff);
      backoff = least(backoff.multipliedBy(2), LONGEST_WAIT);
      long lost = time.nanos() - sent + wait.toNanos();
      if (answer.outage() && patienceLeft.addAndGet(-lost) < 0) {
        return answer;
      }
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
    var uri = URI.create(access.address() + "/v1/" + path);
    try {
      var fields = body.get();
      var bytes = fields.isEmpty() ? new byte[0] : MAPPER.writeValueAsBytes(fields);
      var reply = sent(method, uri, bytes, namespace);
      var other = elsewhere(uri, reply);
      return answer(other.isPresent() ? sent(method, other.get(), bytes, namespace) : reply);
    } catch (IOException _) {
      return new Answer(Answer.NONE, MAPPER.createObjectNode(), "");
    }
  }

  private HttpResponse<Optional<byte[]>> sent(
      String method, URI uri, byte[] bytes, String namespace)
      throws IOException, InterruptedException {
    var publisher = bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
    var request =
        HttpRequest.newBuilder(uri)
            .header("X-Vault-Token", access.token().reveal())
            .header("X-Vault-Request", "true")
            .timeout(longestRequest)
            .method(method, publisher);
    if (!namespace.isEmpty()) {
      request.header("X-Vault-Namespace", namespace);
    }
    return http.send(request.build(), _ -> new BoundedBody(LARGEST_BODY));
  }

  /**
   * Returns where a node that stands by says the leading one is. The token goes with it: to another
   * host only by the statuses that Vault uses, and never onto an open line. What is said there is
   * taken as it is, so nobody is led in circles.
   */
  private static Optional<URI> elsewhere(URI asked, HttpResponse<?> reply) {
    if (!REDIRECTS.contains(reply.statusCode())) {
      return Optional.empty();
    }
    boolean ofVault = reply.statusCode() == 307 || reply.statusCode() == 308;
    return reply
        .headers()
        .firstValue("Location")
        .flatMap(location -> resolved(asked, location))
        .filter(to -> ofVault || asked.getHost().equalsIgnoreCase(to.getHost()))
        .filter(to -> "https".equals(to.getScheme()) || asked.getScheme().equals(to.getScheme()));
  }

  private static Optional<URI> resolved(URI asked, String location) {
    try {
      var to = asked.resolve(location);
      boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
      return web && to.getHost() != null ? Optional.of(to) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Answer answer(HttpResponse<Optional<byte[]>> response) {
    var headers = response.headers();
    var retryAfter = headers.firstValue("Retry-After").orElse("");
    int status = response.statusCode();
    if (REDIRECTS.contains(status)) {
      return foreign(status, "leads elsewhere", retryAfter);
    }
    if (response.body().isEmpty()) {
      return foreign(status, "has more than %,d bytes".formatted(LARGEST_BODY), retryAfter);
    }
    var bytes = response.body().get();
    if (bytes.length == 0 && (status == 204 || status / 100 != 2)) {
      // A 404 of Vault has a body, so that nothing follows from one that has none.
      return new Answer(status, MAPPER.createObjectNode(), retryAfter);
    }
    return object(bytes)
        .map(body -> new Answer(status, body, retryAfter))
        .orElseGet(() -> {
          var type = Texts.printable(headers.firstValue("Content-Type").orElse("no type"), 100);
          return foreign(status, "is no JSON of Vault's but %s".formatted(type), retryAfter);
        });
  }

  private Answer foreign(int status, String what, String retryAfter) {
    return new Answer(
        status,
        MAPPER.createObjectNode(),
        retryAfter,
        "HTTP %d %s: this is not Vault's answer but a proxy's, or another server's; see that VAULT_ADDR, which is %s, leads to Vault itself"
            .formatted(status, what, access.address()));
  }

  private static Optional<JsonNode> object(byte[] body) {
    try {
      return Optional.ofNullable(MAPPER.readTree(body)).filter(JsonNode::isObject);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
