package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schedule stages itself, before what its plan lets go wrong. */
final class StagedChaos implements Chaos {
  private final Chaos plan;
  private final List<Staged> staged = new ArrayList<>();
  private boolean genesysDown;
  private @Nullable String poison;

  StagedChaos(Chaos plan) {
    this.plan = plan;
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

  /** Has the sidecar die at every operation whose text contains this. */
  void poison(String what) {
    poison = what;
  }

  /** Ends {@link #poison}. */
  void cure() {
    poison = null;
  }

  /** Has Genesys out of reach, or no more. */
  void genesysDown(boolean down) {
    genesysDown = down;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    for (var each : staged) {
      if (operation.contains(each.what) && each.after-- == 0) {
        staged.remove(each);
        return each.mishap;
      }
    }
    if (poison != null && operation.contains(poison)) {
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
