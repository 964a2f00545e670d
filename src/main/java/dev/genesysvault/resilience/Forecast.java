package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When somebody's turn in the request budget comes, reckoned from what a {@link RateWindow} has
 * left, from what {@link LaneShares} keep back of it, and from what a lane gets of the windows to
 * come. Not for many tasks.
 */
final class Forecast {
  /** Before a window ends, what was kept back in it is given free. */
  private static final Duration RELEASE = Duration.ofSeconds(4);

  /** Halvings of a window until it is known to a microsecond when something is given free. */
  private static final int HALVINGS = 26;

  private final RateWindow window;
  private final LaneShares shares;

  Forecast(RateWindow window, LaneShares shares) {
    this.window = window;
    this.shares = shares;
  }

  /** Returns the present moment of the window. */
  LaneShares.Moment moment(Predicate<Lane> atWork) {
    return new LaneShares.Moment(window.usable(), window.free(), left(0), atWork);
  }

  /**
   * Returns how long it takes until the one's turn comes before whom {@code ahead} others of its
   * lane wait, as far as that can be told: it may be longer where other lanes come.
   */
  Duration untilTurn(Lane lane, int ahead, Predicate<Lane> atWork) {
    var moment = moment(atWork);
    var pause = window.paused();
    var end = window.untilEnd();
    if (pause.compareTo(end) >= 0) {
      return pause.plus(windows(lane, ahead, moment));
    }
    return inThisWindow(lane, ahead, moment)
        .map(wait -> wait.compareTo(pause) < 0 ? pause : wait)
        .orElseGet(() -> end.plus(windows(lane, Math.max(0, ahead - moment.free()), moment)));
  }

  private Duration windows(Lane lane, int ahead, LaneShares.Moment moment) {
    return RateWindow.LENGTH.multipliedBy(ahead / shares.capacity(lane, moment));
  }

  /** What is kept back shrinks: finds the moment at which it has shrunk enough. */
  private Optional<Duration> inThisWindow(Lane lane, int ahead, LaneShares.Moment moment) {
    if (shares.mayTake(lane, ahead, moment)) {
      return Optional.of(Duration.ZERO);
    }
    if (!shares.mayTake(lane, ahead, moment.with(moment.free(), 0))) {
      return Optional.empty();
    }
    long late = Math.max(0, window.untilEnd().minus(RELEASE).toNanos());
    long early = 0;
    for (int i = 0; i < HALVINGS && late - early > 1; i++) {
      long middle = early + (late - early) / 2;
      if (shares.mayTake(lane, ahead, moment.with(moment.free(), left(middle)))) {
        late = middle;
      } else {
        early = middle;
      }
    }
    return Optional.of(Duration.ofNanos(late));
  }

  /** Returns what part of the time is left in which something is kept back, in so many nanos. */
  private double left(long nanosAhead) {
    double whole = RateWindow.LENGTH.minus(RELEASE).toNanos();
    double nanos = window.untilEnd().minus(RELEASE).toNanos() - (double) nanosAhead;
    return Math.clamp(nanos / whole, 0, 1);
  }
}
