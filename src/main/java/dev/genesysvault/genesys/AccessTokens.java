package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SingleFlight;
import dev.genesysvault.resilience.Time;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access token of one client: fetched once for all who wait, again ahead of its end, and again
 * after Genesys called it invalid. Log-ins have a limit of their own, which Genesys answers with a
 * 400.
 */
final class AccessTokens {
  private static final String TEMPLATE = "POST /oauth/token";
  private static final Duration AHEAD = Duration.ofMinutes(1);
  private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(30);

  private final Transport transport;
  private final URI tokenUri;
  private final Credential credential;
  private final Time time;
  private final Locks.Monitor monitor;
  private final SingleFlight<String, Outcome<Token>> logIns;
  private @Nullable Token current;
  private Optional<Deadline> pause = Optional.empty();

  AccessTokens(Transport transport, URI login, Credential credential, Time time, Locks locks) {
    this.transport = transport;
    this.tokenUri = URI.create(login + "/oauth/token");
    this.credential = credential;
    this.time = time;
    this.monitor = locks.monitor();
    this.logIns = new SingleFlight<>(locks);
  }

  /** A token and the moments by which to fetch another one, and by which it is dead. */
  record Token(Secret text, Deadline refresh, Deadline end) {}

  /** Returns a token that is good for a while. */
  Outcome<Token> token(CallContext context) throws InterruptedException {
    var present = present();
    if (present != null && !present.refresh().over()) {
      return Outcome.ok(present);
    }
    var outcome =
        logIns
            .join(TEMPLATE, context.deadline(), () -> logIn(context))
            .orElseGet(() -> Outcome.failed(unavailable("no time was left to wait for a log-in")));
    // A token that is due for another one is still good until its end.
    return outcome instanceof Failed && present != null && !present.end().over()
        ? Outcome.ok(present)
        : outcome;
  }

  /** Forgets a token that Genesys called invalid, unless another one has taken its place. */
  void invalid(Token token) {
    monitor.lock();
    try {
      if (current != null && current.text().sameAs(token.text())) {
        current = null;
      }
    } finally {
      monitor.unlock();
    }
  }

  private @Nullable Token present() {
    monitor.lock();
    try {
      return current;
    } finally {
      monitor.unlock();
    }
  }

  private Outcome<Token> logIn(CallContext context) throws InterruptedException {
    var present = present();
    if (present != null && !present.refresh().over()) {
      return Outcome.ok(present);
    }
    if (pause.isPresent() && !pause.get().over()) {
      return Outcome.failed(
          new Limited(TEMPLATE, pause.get().left(), UpstreamFailure.NO_CORRELATION_ID));
    }
    if (context.deadline().over()) {
      return Outcome.failed(unavailable("no time was left to log in"));
    }
    var outcome = exchange(context);
    switch (outcome) {
      case Ok<Token>(var token) -> keep(token);
      case Failed<Token>(Limited limited) ->
          pause = Optional.of(Deadline.in(limited.retryAfter(), time));
      case Failed<Token> _ -> {}
    }
    return outcome;
  }

  private void keep(Token token) {
    monitor.lock();
    try {
      current = token;
    } finally {
      monitor.unlock();
    }
  }

  private Outcome<Token> exchange(CallContext context) throws InterruptedException {
    var left = context.deadline().left();
    var basic =
        Base64.getEncoder()
            .encodeToString(
                (credential.id() + ":" + credential.secret().reveal())
                    .getBytes(StandardCharsets.UTF_8));
    var request =
        new Transport.Request(
            "POST",
            tokenUri,
            Map.of(
                "Authorization", "Basic " + basic,
                "Accept", "application/json",
                "Content-Type", "application/x-www-form-urlencoded"),
            "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
            left.compareTo(LONGEST_EXCHANGE) > 0 ? LONGEST_EXCHANGE : left);
    try {
      return understand(transport.exchange(request));
    } catch (Transport.FailedException e) {
      return Outcome.failed(unavailable(String.valueOf(e.getMessage())));
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
    var description =
        Classifier.text(
            body,
            "error_description",
            Classifier.text(body, "description", "no reason given", 500),
            500);
    if (status == 429 || description.startsWith("rate limit exceeded")) {
      return Outcome.failed(new Limited(TEMPLATE, RetryAfter.of(reply, time.now()), correlationId));
    }
    if (status >= 400 && status < 500 && !error.isEmpty()) {
      return Outcome.failed(
          new Refused(
              TEMPLATE,
              status,
              error,
              "the log-in of the mount's own client failed: " + description,
              correlationId));
    }
    return Outcome.failed(new Unavailable(TEMPLATE, "HTTP " + status, correlationId));
  }

  private Optional<Token> token(JsonNode body) {
    var text = body.path("access_token").asText("");
    long seconds = body.path("expires_in").asLong(0);
    if (text.isBlank() || seconds <= 0) {
      return Optional.empty();
    }
    var life = Duration.ofSeconds(seconds);
    var tenth = life.dividedBy(10);
    var end = Deadline.in(life, time);
    return Optional.of(
        new Token(Secret.of(text), end.minus(tenth.compareTo(AHEAD) < 0 ? tenth : AHEAD), end));
  }

  private static UpstreamFailure unavailable(String cause) {
    return new Unavailable(TEMPLATE, cause, UpstreamFailure.NO_CORRELATION_ID);
  }
}
