package dev.genesysvault.storage;

/** Vault's storage did not do what was asked. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a caller can do about it. */
  public enum Kind {
    /** This node may not write; Vault forwards the request. Nothing was written. */
    READ_ONLY,
    /** The mount is still being set up; asking again helps. Nothing was written. */
    SETUP,
    /**
     * This node is not the active one any more, or Vault is sealed: whoever asks again reaches the
     * node that is active. A put or a delete may have happened.
     */
    NOT_ACTIVE,
    /** The stream that lent the storage has ended. A put or a delete may have happened. */
    CLOSED,
    /** The entry would be too large. Nothing was written, and asking again does not help. */
    REFUSED,
    /** An entry does not hold what this version can read, or is too large for it. */
    UNREADABLE,
    /** Anything else. A put or a delete may have happened. */
    OTHER
  }

  private final Kind kind;

  /**
   * Makes one.
   *
   * @param message one sentence; never holds a value from the storage
   */
  public StorageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Whether a put or a delete that ended with it may have happened all the same. */
  public boolean mayHaveWritten() {
    return kind != Kind.READ_ONLY && kind != Kind.SETUP && kind != Kind.REFUSED;
  }

  /** Returns what a caller can do about it. */
  public Kind kind() {
    return kind;
  }
}
