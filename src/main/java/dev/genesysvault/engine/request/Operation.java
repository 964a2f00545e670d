package dev.genesysvault.engine.request;

/** What Vault wants to be done with a path or a lease. */
public enum Operation {
  CREATE,
  READ,
  UPDATE,
  DELETE,
  LIST,
  RENEW,
  REVOKE,
  ROLLBACK;

  /** Whether it is about a lease, not about a path. */
  public boolean onLease() {
    return this == RENEW || this == REVOKE;
  }
}
