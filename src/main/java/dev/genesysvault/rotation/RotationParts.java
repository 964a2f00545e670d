package dev.genesysvault.rotation;

import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;

/** What every step of every rotation needs. */
record RotationParts(Time time, Randomness randomness, Delays delays) {
  /** How long the calls of one step may take before the next role gets its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a call waits for its turn at Genesys: the role is locked meanwhile. */
  private static final Duration TURN = Duration.ofSeconds(3);

  HandOver handOver(StaticRoleStore credentials) {
    return new HandOver(credentials.records(), time, delays.overdue());
  }

  RotationWatch watch() {
    return new RotationWatch(time, delays);
  }

  /** Returns by when a rotation that was due then must have ended its predecessor. */
  Instant finishBy(Instant due, StaticRole role) {
    return watch().finishBy(due, role);
  }

  /** Returns how a call of one of a credential's steps stands to others. */
  CallContext context(StaticCredential credential) {
    var deadline = Deadline.in(PATIENCE, time);
    return credential.emergency()
        ? new CallContext(Lane.EMERGENCY, deadline)
        : new CallContext(Lane.ROTATE, deadline).turnWithin(TURN);
  }
}
