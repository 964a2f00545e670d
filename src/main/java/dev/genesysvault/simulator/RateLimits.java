package dev.genesysvault.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The simulated rate limits: requests a minute for each token, log-ins a minute for each client.
 */
final class RateLimits {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final World world;
  private final Map<String, Window> byToken = new HashMap<>();
  private final Map<String, Window> logIns = new HashMap<>();

  RateLimits(World world) {
    this.world = world;
  }

  /** A minute that began with its first request. */
  private static final class Window {
    private final Instant end;
    private int count;

    Window(Instant end) {
      this.end = end;
    }
  }

  /** Counts a request; fails with a 429 where it is one too many. */
  void take(String token) {
    var window = window(byToken, token);
    if (window.count >= world.knobs.number(Knob.RATE_LIMIT)) {
      throw new LimitedException(Math.max(1, secondsLeft(window)));
    }
    window.count++;
  }

  /** Adds what Genesys says of the limit to a reply. */
  SimulatedReply headers(String token, SimulatedReply reply) {
    var window = window(byToken, token);
    return reply
        .with("inin-ratelimit-count", String.valueOf(window.count))
        .with("inin-ratelimit-allowed", world.knobs.text(Knob.RATE_LIMIT))
        .with("inin-ratelimit-reset", String.valueOf(secondsLeft(window)));
  }

  boolean takeLogIn(String clientId) {
    var window = window(logIns, clientId);
    if (window.count >= world.knobs.number(Knob.LOGIN_LIMIT)) {
      return false;
    }
    window.count++;
    return true;
  }

  void reset() {
    byToken.clear();
    logIns.clear();
  }

  private Window window(Map<String, Window> windows, String key) {
    var now = world.now();
    var window = windows.get(key);
    if (window == null || !now.isBefore(window.end)) {
      window = new Window(now.plus(WINDOW));
      windows.put(key, window);
    }
    return window;
  }

  private long secondsLeft(Window window) {
    return Duration.between(world.now(), window.end).plusMillis(999).toSeconds();
  }

  /** One request too many. */
  static final class LimitedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long retryAfterSeconds;

    LimitedException(long retryAfterSeconds) {
      super("limited", null, false, false);
      this.retryAfterSeconds = retryAfterSeconds;
    }

    SimulatedReply reply(String correlationId) {
      return SimulatedError.of(
              429,
              "too.many.requests.retry.after",
              "Rate limit exceeded the maximum. Retry the request in [%d] seconds"
                  .formatted(retryAfterSeconds))
          .reply(correlationId)
          .with("Retry-After", String.valueOf(retryAfterSeconds));
    }
  }
}
