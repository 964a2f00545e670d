package dev.genesysvault.testing;

import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.resilience.Deadline;

/** With what destinations are asked that lie elsewhere. */
public final class PlainErrand {
  private PlainErrand() {}

  /** Returns one that leads to no organisation. */
  public static Errand by(Deadline deadline) {
    return new Errand(
        Errand.id("test"),
        deadline,
        () -> new Found.Not("no organisation is reached in this test"));
  }
}
