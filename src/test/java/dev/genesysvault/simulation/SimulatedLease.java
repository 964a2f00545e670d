package dev.genesysvault.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A lease as Vault keeps it. */
final class SimulatedLease {
  /** Where a lease stands. */
  enum State {
    /** Somebody may be using its credential. */
    ALIVE,
    /** Vault is revoking it, or will try again. */
    REVOKING,
    /** Vault has given up. */
    IRREVOCABLE,
    /** Revoked. */
    GONE
  }

  final int number;
  final SimulatedMount mount;
  final String role;
  final String secretType;
  final Map<String, Object> internalData;
  final String clientId;
  final String clientSecret;
  final Instant issued;
  final Duration maxTtl;
  Instant expires;
  State state = State.ALIVE;

  /** Whether a job of the present Vault process revokes it. */
  boolean beingRevoked;

  /** Whether it was revoked while its mount was being disabled. */
  boolean revokedAtLast;

  int attempts;

  /** Whether Vault's storage, or the death of the plugin, excuses an attempt that failed. */
  boolean excused;

  /**
   * Whether the sidecar was asked to revoke it and answered, or the plugin could write that down,
   * and storage did not fail.
   */
  boolean asked;

  /** Whether its mount was drained since it was asked for, so that its client may be gone. */
  boolean drained;

  String lastError = "";

  SimulatedLease(
      int number,
      SimulatedMount mount,
      String role,
      String secretType,
      Map<String, Object> internalData,
      String clientId,
      String clientSecret,
      Instant issued,
      Instant expires,
      Duration maxTtl) {
    this.number = number;
    this.mount = mount;
    this.role = role;
    this.secretType = secretType;
    this.internalData = internalData;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.issued = issued;
    this.expires = expires;
    this.maxTtl = maxTtl;
  }

  /** Whether its credential must work. */
  boolean alive(Instant now) {
    return state == State.ALIVE && now.isBefore(expires);
  }

  @Override
  public String toString() {
    return "lease %d of client %s (%s, expires %s)".formatted(number, clientId, state, expires);
  }
}
