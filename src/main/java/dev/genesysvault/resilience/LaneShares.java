package dev.genesysvault.resilience;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which {@link Lane} may take a request out of a window, and which of those that wait goes next.
 * Arithmetic alone: knows neither the clock nor who waits. Not for many tasks.
 *
 * <p>A tenth of a window is the <em>reserve</em> of ends and emergencies, a third of it that of
 * emergencies alone. The rest is shared by {@link Lane#weight()}. Within its share a lane takes
 * whatever is there. Beyond it, it borrows, and leaves to each other lane that is at work what that
 * lane may still need, and to {@link Lane#ISSUE}, for which people wait and which comes
 * unannounced, always a third of what is left of the window's time. All of this is given free
 * towards the window's end, so that nothing is lost.
 */
final class LaneShares {
  private static final double ROUNDING = 1e-9;

  private final Map<Lane, Integer> taken = new EnumMap<>(Lane.class);
  private final Map<Lane, Integer> credits = new EnumMap<>(Lane.class);

  LaneShares() {
    for (var lane : Lane.values()) {
      taken.put(lane, 0);
      credits.put(lane, 0);
    }
  }

  /**
   * A moment of a window.
   *
   * @param usable requests that the window has for this budget, at least 1
   * @param free of which nobody has taken this many
   * @param left what part of the time is left in which something is kept back, 1 to 0
   * @param atWork which lanes have work
   */
  record Moment(int usable, int free, double left, Predicate<Lane> atWork) {
    /** Returns how many ends and emergencies alone may take; none of a window of one. */
    int reserve() {
      return usable < 2 ? 0 : Math.max(1, usable / 10);
    }

    /** Returns how many of the reserve emergencies alone may take. */
    int emergencyReserve() {
      return reserve() / 3;
    }

    double share(Lane lane) {
      return (double) (usable - reserve()) * lane.weight() / Lane.WHOLE;
    }

    /** Returns this moment with other numbers. */
    Moment with(int otherFree, double otherLeft) {
      return new Moment(usable, otherFree, otherLeft, atWork);
    }
  }

  /** Begins a window. */
  void begin() {
    taken.replaceAll((_, _) -> 0);
  }

  /** Takes note that a lane has taken one. */
  void take(Lane lane) {
    taken.merge(lane, 1, Integer::sum);
  }

  /** Takes note that a lane gives one back. */
  void giveBack(Lane lane) {
    taken.computeIfPresent(lane, (_, count) -> Math.max(0, count - 1));
  }

  /**
   * Whether a lane may take one.
   *
   * @param ahead how many others of the lane take theirs first
   */
  boolean mayTake(Lane lane, int ahead, Moment moment) {
    return moment.free() - ahead - 1 + ROUNDING >= kept(lane, ahead, moment);
  }

  /** Returns how many must be left for others. */
  private double kept(Lane lane, int ahead, Moment moment) {
    if (lane == Lane.EMERGENCY || moment.left() <= 0) {
      return 0;
    }
    double reserved =
        moment.emergencyReserve() + (lane == Lane.DEACTIVATE ? 0 : endsReserve(moment));
    int before = of(lane) + ahead;
    return before < guaranteed(lane, moment) ? reserved : reserved + claims(lane, moment);
  }

  /** What ends have not taken yet of the reserve that they share with emergencies. */
  private double endsReserve(Moment moment) {
    double untouched = guaranteed(Lane.DEACTIVATE, moment) - of(Lane.DEACTIVATE);
    return Math.clamp(untouched, 0, moment.reserve() - moment.emergencyReserve());
  }

  private static double guaranteed(Lane lane, Moment moment) {
    double share = moment.share(lane);
    return lane == Lane.DEACTIVATE ? share + moment.reserve() - moment.emergencyReserve() : share;
  }

  private double claims(Lane borrower, Moment moment) {
    double sum = 0;
    for (var lane : Lane.values()) {
      if (lane != borrower) {
        sum += claim(lane, moment);
      }
    }
    return sum;
  }

  private double claim(Lane lane, Moment moment) {
    double pace = moment.share(lane) * moment.left();
    if (lane == Lane.ISSUE) {
      return pace;
    }
    return moment.atWork().test(lane) ? Math.clamp(moment.share(lane) - of(lane), 0, pace) : 0;
  }

  /**
   * Returns how many a lane gets of a whole window, at the least, while the lanes that are at work
   * now go on; at least 1.
   */
  int capacity(Lane lane, Moment moment) {
    if (lane == Lane.EMERGENCY) {
      return moment.usable();
    }
    double others = 0;
    for (var other : Lane.values()) {
      if (other != lane && moment.atWork().test(other)) {
        others += moment.share(other);
      }
    }
    return Math.max(1, (int) (moment.usable() - moment.reserve() - others));
  }

  /**
   * Returns who goes next of those that wait and may take one: an emergency, else whoever has
   * waited longest for its part. What lanes leave that do not wait goes to the first that does.
   */
  Optional<Lane> next(Predicate<Lane> waits) {
    if (waits.test(Lane.EMERGENCY)) {
      return Optional.of(Lane.EMERGENCY);
    }
    Optional<Lane> first = Optional.empty();
    int unclaimed = Lane.WHOLE;
    for (var lane : Lane.values()) {
      if (waits.test(lane)) {
        first = first.isPresent() ? first : Optional.of(lane);
        credits.merge(lane, lane.weight(), Integer::sum);
        unclaimed -= lane.weight();
      }
    }
    if (first.isEmpty()) {
      return first;
    }
    credits.merge(first.get(), unclaimed, Integer::sum);
    var best = first.get();
    for (var lane : Lane.values()) {
      if (waits.test(lane) && credit(lane) > credit(best)) {
        best = lane;
      }
    }
    credits.merge(best, -Lane.WHOLE, Integer::sum);
    return Optional.of(best);
  }

  /** Takes note that nobody of a lane waits any more: who comes later begins anew. */
  void idle(Lane lane) {
    credits.put(lane, 0);
  }

  private int of(Lane lane) {
    return taken.getOrDefault(lane, 0);
  }

  private int credit(Lane lane) {
    return credits.getOrDefault(lane, 0);
  }
}
