package dev.genesysvault.engine.request;

import java.util.Locale;

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

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Returns its name as metrics show it. */
  public String word() {
    return word;
  }

  /** Whether it is about a lease, not about a path. */
  public boolean onLease() {
    return this == RENEW || this == REVOKE;
  }
}
