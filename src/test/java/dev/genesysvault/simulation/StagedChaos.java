package dev.genesysvault.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schedule stages itself, before what its plan lets go wrong. */
final class StagedChaos implements Chaos {
  /** How long a reply may take that was on its way when Genesys went away. */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(2);

  private final Chaos plan;
  private final Scheduler scheduler;
  private final List<Staged> staged = new ArrayList<>();
  private final List<Outage> outages = new ArrayList<>();
  private boolean genesysDown;
  private @Nullable String poison;

  StagedChaos(Chaos plan, Scheduler scheduler) {
    this.plan = plan;
    this.scheduler = scheduler;
  }

  /**
   * A time in which Genesys was out of reach.
   *
   * @param to when it was there again; null while it is not
   */
  record Outage(Instant from, @Nullable Instant to) {
    /** Whether a moment lies within it, and not in its first minutes. */
    boolean holds(Instant moment) {
      return moment.isAfter(from.plus(ON_THE_WAY)) && (to == null || moment.isBefore(to));
    }
  }

  private static final class Staged {
    private final String what;
    private final Mishap mishap;
    private int after;

    Staged(String what, Mishap mishap, int after) {
      this.what = what;
      this.mishap = mishap;
      this.after = after;
    }
  }

  /**
   * Lets one operation go wrong.
   *
   * @param what that its text contains
   * @param after how many such operations come before it
   */
  void stage(String what, int after, Mishap mishap) {
    staged.add(new Staged(what, mishap, after));
  }

  /** Has the sidecar die at every operation whose text ends so. */
  void poison(String what) {
    poison = what;
  }

  /** Ends {@link #poison}. */
  void cure() {
    poison = null;
  }

  /** Has Genesys out of reach, or no more. */
  void genesysDown(boolean down) {
    if (down != genesysDown) {
      var now = Scheduler.START.plus(scheduler.elapsed());
      outages.add(down ? new Outage(now, null) : new Outage(outages.removeLast().from(), now));
    }
    genesysDown = down;
  }

  /** Returns when Genesys was out of reach, in order. */
  List<Outage> outages() {
    return outages;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    for (var each : staged) {
      if (operation.contains(each.what) && each.after-- == 0) {
        staged.remove(each);
        return each.mishap;
      }
    }
    if (poison != null && operation.endsWith(poison)) {
      return Mishap.SIDECAR_DIES_BEFORE;
    }
    if (genesysDown && door == Mishap.Door.NETWORK) {
      return Mishap.NO_CONNECTION;
    }
    return plan.mishap(door, operation);
  }

  @Override
  public Duration latency() {
    return plan.latency();
  }
}
