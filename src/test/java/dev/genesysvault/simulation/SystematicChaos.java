package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets one thing go wrong at one operation, counted from when it is armed, and keeps the list. */
final class SystematicChaos implements Chaos {
  private final int index;
  private final Mishap mishap;
  private final Duration latency;
  private final List<Operation> seen = new ArrayList<>();
  private boolean armed;

  /**
   * Makes one.
   *
   * @param index of the operation, counted from 0; negative for none
   * @param latency of every operation, each way
   */
  SystematicChaos(int index, Mishap mishap, Duration latency) {
    this.index = index;
    this.mishap = mishap;
    this.latency = latency;
  }

  /** An operation that came to a door. */
  record Operation(Mishap.Door door, String what) {}

  /** Begins to count. */
  void arm() {
    armed = true;
  }

  /** Ends counting. */
  void disarm() {
    armed = false;
  }

  /** Returns the operations that were counted, in their order. */
  List<Operation> seen() {
    return seen;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    if (!armed) {
      return Mishap.NONE;
    }
    seen.add(new Operation(door, operation));
    return seen.size() - 1 == index && mishap.fits(door) ? mishap : Mishap.NONE;
  }

  @Override
  public Duration latency() {
    return latency;
  }
}
