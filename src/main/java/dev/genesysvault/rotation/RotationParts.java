package dev.genesysvault.rotation;

import dev.genesysvault.lifecycle.Delays;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StaticRole;
import java.time.Instant;

/** What every step of every mount needs. */
record RotationParts(Time time, Randomness randomness, Delays delays) {
  Retirement retirement(StaticCredentials credentials) {
    return new Retirement(credentials.records(), time, delays.overdue());
  }

  RotationWatch watch() {
    return new RotationWatch(time, delays);
  }

  /** Returns by when a rotation that was due then must have ended its predecessor. */
  Instant finishBy(Instant due, StaticRole role) {
    return watch().finishBy(due, role);
  }
}
