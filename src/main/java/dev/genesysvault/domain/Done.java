package dev.genesysvault.domain;

/** How sure it is that Genesys did what it was asked to. */
public enum Done {
  /** Genesys itself said that it did. */
  DONE,
  /**
   * A 2xx that may be some gateway's own, since it lacks Genesys' correlation id, or that only
   * promises (202): look before relying on it.
   */
  CLAIMED
}
