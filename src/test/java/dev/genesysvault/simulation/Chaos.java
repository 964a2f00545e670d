package dev.genesysvault.simulation;

import java.time.Duration;

/** Says what goes wrong, and how long things take. */
interface Chaos {
  /** Returns what goes wrong with an operation; asked once for each, in their order. */
  Mishap mishap(Mishap.Door door, String operation);

  /** Returns how long an operation takes one way that nothing goes wrong with. */
  Duration latency();
}
