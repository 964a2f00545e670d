package dev.genesysvault.genesys;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SingleFlight;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access token of one client: fetched once for all who wait, again after Genesys called it
 * invalid, and again ahead of its end, by the first who comes then, while others go on with the
 * present one. No log-in leaves before the pause that Genesys asked for is over.
 */
final class AccessTokens {
  /** How long a refresh that failed is not tried again. */
  private static final Duration REFRESH_PAUSE = Duration.ofSeconds(10);

  /** The most that a refresh takes of the time of the call that it happens to meet. */
  private static final Duration LONGEST_REFRESH = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);

  private final LogIn logIn;
  private final Time time;
  private final Locks.Monitor monitor;
  private final SingleFlight<String, Landed> logIns;
  private @Nullable Token current;

  /** Written in a flight, and there is one at a time. */
  private Optional<Deadline> pause = Optional.empty();

  AccessTokens(LogIn logIn, Time time, Locks locks) {
    this.logIn = logIn;
    this.time = time;
    this.monitor = locks.monitor();
    this.logIns = new SingleFlight<>(locks);
  }

  /** A token and the moments by which to fetch another one, and by which it is dead. */
  record Token(Secret text, Deadline refresh, Deadline end) {}

  /** What a log-in gave, and by when it had to be over. */
  private record Landed(Outcome<Token> outcome, Deadline deadline) {
    /** Whether it failed for want of time, which says nothing to those who have more of it. */
    boolean cutShort() {
      return outcome instanceof Failed && deadline.over();
    }
  }

  /** Returns a token that is good for a while. */
  Outcome<Token> token(CallContext context) throws InterruptedException {
    var present = present();
    if (present == null || present.end().over()) {
      return joined(present, context);
    }
    if (!present.refresh().over() || !claimRefresh(present)) {
      return Outcome.ok(present);
    }
    var half = context.deadline().left().dividedBy(2);
    var refresh = half.compareTo(LONGEST_REFRESH) < 0 ? half : LONGEST_REFRESH;
    var outcome = joined(present, new CallContext(context.lane(), Deadline.in(refresh, time)));
    return outcome instanceof Failed ? Outcome.ok(present) : outcome;
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

  /** Moves the moment of the refresh: who comes meanwhile goes on with the present token. */
  private boolean claimRefresh(Token due) {
    monitor.lock();
    try {
      boolean first = due.equals(current);
      if (first) {
        current = new Token(due.text(), Deadline.in(REFRESH_PAUSE, time), due.end());
      }
      return first;
    } finally {
      monitor.unlock();
    }
  }

  private Outcome<Token> joined(@Nullable Token seen, CallContext context)
      throws InterruptedException {
    while (true) {
      var landed =
          logIns.join(
              LogIn.TEMPLATE,
              context.deadline(),
              () -> new Landed(logIn(seen, context), context.deadline()));
      if (landed.isEmpty()) {
        return Outcome.failed(LogIn.unavailable("no time was left to wait for a log-in"));
      }
      if (!landed.get().cutShort() || context.deadline().over()) {
        return landed.get().outcome();
      }
    }
  }

  /**
   * Logs in, unless somebody has done so since.
   *
   * @param seen the token that does not do any more
   */
  private Outcome<Token> logIn(@Nullable Token seen, CallContext context)
      throws InterruptedException {
    var present = present();
    if (present != null && (seen == null || !present.text().sameAs(seen.text()))) {
      return Outcome.ok(present);
    }
    if (pause.isPresent() && !pause.get().over()) {
      return Outcome.failed(
          new Limited(LogIn.TEMPLATE, pause.get().left(), UpstreamFailure.NO_CORRELATION_ID));
    }
    if (context.deadline().over()) {
      return Outcome.failed(LogIn.unavailable("no time was left to log in"));
    }
    long begun = time.nanos();
    var outcome = logIn.exchange(context);
    switch (outcome) {
      case Ok<Token>(var token) -> keep(token);
      case Failed<Token>(Limited limited) ->
          pause = Optional.of(Deadline.in(limited.retryAfter(), time));
      case Failed<Token> _ -> {}
    }
    LOG.atDebug()
        .addKeyValue("outcome", Classifier.word(outcome))
        .addKeyValue("ms", Duration.ofNanos(time.nanos() - begun).toMillis())
        .log("Genesys was asked for a token");
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
}
