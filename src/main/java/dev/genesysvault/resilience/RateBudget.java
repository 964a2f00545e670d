package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The requests a minute that Genesys allows one token, shared by all work of a mount. What is
 * allowed and used is learnt from Genesys' replies; until the first one, 300 a minute are taken for
 * granted (Genesys' published limit for a client credentials token). Where requests must wait, an
 * earlier {@link Lane} goes first. After a 429 no request leaves before Genesys' time has come.
 */
public final class RateBudget {
  /** Genesys' published limit of one token, in requests a minute. */
  public static final int PUBLISHED_LIMIT = 300;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** Two replies whose windows end closer together than this speak of the same window. */
  private static final long SAME_WINDOW_NANOS = Duration.ofSeconds(3).toNanos();

  private final Time time;
  private final Locks.Monitor monitor;
  private final double share;
  private final Map<Lane, Integer> waiting = new EnumMap<>(Lane.class);
  private int allowed = PUBLISHED_LIMIT;
  private int used;
  private int inFlight;
  private long windowEnd;
  private long pauseEnd;

  /**
   * Makes a budget that nothing has been taken from.
   *
   * @param share how much of what Genesys allows this budget takes, more than 0 and at most 1; the
   *     rest is left to others
   */
  public RateBudget(Time time, Locks locks, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share is %s; must be more than 0 and at most 1".formatted(share));
    }
    this.time = time;
    this.monitor = locks.monitor();
    this.share = share;
    this.windowEnd = time.nanos() + WINDOW.toNanos();
    this.pauseEnd = time.nanos();
  }

  /**
   * What a reply said of the limit, in Genesys' headers.
   *
   * @param count requests in the present window ({@code inin-ratelimit-count})
   * @param allowed requests that a window allows ({@code inin-ratelimit-allowed}), positive
   * @param reset until the window ends ({@code inin-ratelimit-reset})
   */
  public record Observation(int count, int allowed, Duration reset) {}

  /**
   * What is known of the budget.
   *
   * @param allowed requests that Genesys allows in a window
   * @param used requests that this window has seen
   * @param reset until the window ends
   * @param paused for how long Genesys asked to wait; zero where it did not
   */
  public record Reading(int allowed, int used, Duration reset, Duration paused) {}

  /**
   * Takes one request out of the budget; waits for it as long as the context's deadline allows. The
   * caller ends the request with {@link #finished} or {@link #limited}.
   *
   * @return empty when the request may go; otherwise how long to stay away, and nothing is taken
   */
  public Optional<Duration> acquire(CallContext context) throws InterruptedException {
    var lane = context.lane();
    var deadline = context.deadline();
    monitor.lock();
    try {
      waiting.merge(lane, 1, Integer::sum);
      try {
        while (true) {
          var wait = untilFree();
          if (wait.isZero() && !earlierLaneWaits(lane)) {
            used++;
            inFlight++;
            return Optional.empty();
          }
          if (!deadline.allows(wait)) {
            return Optional.of(atLeastASecond(wait));
          }
          monitor.await(wait.isZero() ? deadline.left() : wait);
        }
      } finally {
        waiting.merge(lane, -1, Integer::sum);
        monitor.signalAll();
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Ends a request whose reply said this of the limit; empty where it said nothing. */
  public void finished(Optional<Observation> observation) {
    monitor.lock();
    try {
      inFlight--;
      observation.ifPresent(this::learn);
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  /** Ends a request that met a 429: none leaves before {@code retryAfter} is over. */
  public void limited(Duration retryAfter) {
    monitor.lock();
    try {
      inFlight--;
      long end = time.nanos() + retryAfter.toNanos();
      if (end - pauseEnd > 0) {
        pauseEnd = end;
      }
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  /** Returns what is known now. */
  public Reading reading() {
    monitor.lock();
    try {
      rollWindow();
      return new Reading(allowed, used, until(windowEnd), until(pauseEnd));
    } finally {
      monitor.unlock();
    }
  }

  private Duration untilFree() {
    rollWindow();
    var pause = until(pauseEnd);
    if (!pause.isZero()) {
      return pause;
    }
    return used < usable() ? Duration.ZERO : until(windowEnd);
  }

  private void rollWindow() {
    if (time.nanos() - windowEnd >= 0) {
      windowEnd = time.nanos() + WINDOW.toNanos();
      used = inFlight;
    }
  }

  private int usable() {
    return Math.max(1, (int) (allowed * share));
  }

  private boolean earlierLaneWaits(Lane lane) {
    return waiting.entrySet().stream()
        .anyMatch(other -> other.getValue() > 0 && other.getKey().compareTo(lane) < 0);
  }

  private void learn(Observation observation) {
    rollWindow();
    allowed = observation.allowed();
    long end = time.nanos() + observation.reset().toNanos();
    boolean sameWindow = Math.abs(end - windowEnd) < SAME_WINDOW_NANOS;
    used = sameWindow ? Math.max(used, observation.count()) : observation.count() + inFlight;
    windowEnd = end;
  }

  private Duration until(long end) {
    return Duration.ofNanos(Math.max(0, end - time.nanos()));
  }

  private static Duration atLeastASecond(Duration wait) {
    var second = Duration.ofSeconds(1);
    return wait.compareTo(second) < 0 ? second : wait;
  }
}
