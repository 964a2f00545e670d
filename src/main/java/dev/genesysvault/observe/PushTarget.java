package dev.genesysvault.observe;

import io.micrometer.core.instrument.MeterRegistry;

/** A place to which metrics are pushed. */
public final class PushTarget {
  private final MeterRegistry registry;

  /**
   * Makes one.
   *
   * @param registry that pushes by itself, and once more when it is closed
   */
  public PushTarget(MeterRegistry registry) {
    this.registry = registry;
  }

  MeterRegistry registry() {
    return registry;
  }
}
