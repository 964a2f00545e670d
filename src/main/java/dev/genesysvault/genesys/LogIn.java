package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.genesys.AccessTokens.Token;
import dev.genesysvault.network.RetryAfter;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.Time;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Exchanges a client's credential for a token at Genesys' log-in service. Ours, since the SDK knows
 * no log-in host but the one that it guesses. Errors are those of OAuth 2.0, with one of Genesys'
 * own: too many log-ins are a 400.
 *
 * @see <a href=
 *     "https://developer.genesys.cloud/api/rest/authorization/use-client-credentials">Genesys'
 *     client credentials grant</a>
 */
final class LogIn {
  static final String TEMPLATE = "POST /oauth/token";

  /**
   * How the description of a log-in that came too soon begins, as Genesys' Terraform provider knows
   * it; its status is 400.
   */
  private static final String RATE_LIMITED = "rate limit exceeded";

  private static final int LIMITED = 429;
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private final Transport transport;
  private final URI tokenUri;
  private final String userAgent;
  private final Credential credential;
  private final MemoryBudget memory;
  private final CallMeters meters;
  private final Time time;

  LogIn(
      Transport transport,
      URI login,
      String userAgent,
      Credential credential,
      MemoryBudget memory,
      CallMeters meters,
      Time time) {
    this.meters = meters;
    this.transport = transport;
    this.tokenUri = URI.create(login + "/oauth/token");
    this.userAgent = userAgent;
    this.credential = credential;
    this.memory = memory;
    this.time = time;
  }

  /** Logs in once. Harmless to repeat, whatever comes of it. */
  Outcome<Token> exchange(CallContext context) throws InterruptedException {
    var basic =
        Base64.getEncoder()
            .encodeToString(
                (credential.id() + ":" + credential.secret().reveal())
                    .getBytes(StandardCharsets.UTF_8));
    var headers =
        Map.of(
            "Authorization",
            "Basic " + basic,
            "Accept",
            "application/json",
            "Content-Type",
            "application/x-www-form-urlencoded",
            "User-Agent",
            userAgent);
    var outcome = exchange(headers, context);
    meters.loggedIn(outcome);
    return outcome;
  }

  private Outcome<Token> exchange(Map<String, String> headers, CallContext context)
      throws InterruptedException {
    try (var exchange = new Exchange(TEMPLATE, context.deadline(), memory.open())) {
      ask(exchange, headers, context.lane());
      return exchange
          .reply()
          .map(this::understand)
          .orElseGet(() -> Outcome.failed(unavailable("there was no reply")));
    } catch (Transport.FailedException e) {
      return Outcome.failed(unavailable(String.valueOf(e.getMessage())));
    }
  }

  private void ask(Exchange exchange, Map<String, String> headers, Lane lane)
      throws Transport.FailedException, InterruptedException {
    long begun = time.nanos();
    try {
      transport.exchange(
          new Transport.Request(
              "POST",
              tokenUri,
              headers,
              "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
              exchange.timeout()),
          exchange);
    } finally {
      meters.called(TEMPLATE, lane, exchange.reply().map(LogIn::status), begun);
    }
  }

  private Outcome<Token> understand(Transport.Reply reply) {
    var body = Trees.parse(reply.body());
    var correlationId = Classifier.correlationId(reply, body);
    int status = reply.status();
    if (status / 100 == 2) {
      return token(body)
          .map(Outcome::ok)
          .orElseGet(() -> Outcome.failed(unavailable("HTTP " + status + " without a token")));
    }
    var error = Classifier.text(body, "error", "", 100);
    var description = description(body);
    if (limited(status, description)) {
      return Outcome.failed(
          new Limited(TEMPLATE, RetryAfter.of(reply.head(), time.now()), correlationId));
    }
    if (status / 100 == 4 && status != 408 && !error.isEmpty()) {
      return Outcome.failed(
          new Refused(
              TEMPLATE,
              status,
              error,
              "the log-in of client %s failed: %s".formatted(credential.id(), description),
              correlationId,
              true));
    }
    return Outcome.failed(
        new Unavailable(TEMPLATE, Classifier.cause(status, error), correlationId));
  }

  private static String description(JsonNode body) {
    return Classifier.text(
        body,
        "error_description",
        Classifier.text(body, "description", "no reason given", 500),
        500);
  }

  private static boolean limited(int status, String description) {
    return status == LIMITED || description.toLowerCase(Locale.ROOT).startsWith(RATE_LIMITED);
  }

  /** Returns a reply's status as metrics show it: that of a limit, where it is one. */
  private static int status(Transport.Reply reply) {
    int status = reply.status();
    return status == 400 && limited(status, description(Trees.parse(reply.body())))
        ? LIMITED
        : status;
  }

  private Optional<Token> token(JsonNode body) {
    var text = body.path("access_token").asText("");
    long seconds = body.path("expires_in").asLong(0);
    // What does not fit into a header is no token, and would be shown by the refusal to send it.
    boolean usable = !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!usable || seconds <= 0) {
      return Optional.empty();
    }
    var life = Duration.ofSeconds(seconds);
    var tenth = life.dividedBy(10);
    var end = Deadline.in(life, time);
    return Optional.of(
        new Token(Secret.of(text), end.minus(tenth.compareTo(AHEAD) < 0 ? tenth : AHEAD), end));
  }

  static UpstreamFailure unavailable(String cause) {
    return new Unavailable(TEMPLATE, cause, UpstreamFailure.NO_CORRELATION_ID);
  }
}
