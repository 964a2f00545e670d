package dev.genesysvault.simulation;

/** What goes wrong at a door to the outside. */
enum Mishap {
  NONE,

  /** It takes seconds until it is done. */
  SLOW,
  /** It takes longer than any request of Vault may last. */
  VERY_SLOW,
  /** The sidecar dies before anything has happened. */
  SIDECAR_DIES_BEFORE,
  /** The sidecar dies when it has happened and nobody has been told. */
  SIDECAR_DIES_AFTER,
  /** The plugin dies when it has happened and nobody has been told. */
  PLUGIN_DIES,
  /** Vault dies when it has happened and nobody has been told. */
  VAULT_DIES,

  /** Storage fails, and nothing has happened. */
  STORAGE_FAILS(Kind.STORAGE),
  /** Storage fails, and it has happened. */
  STORAGE_FAILS_AFTER(Kind.STORAGE_WRITE),
  /** The node may not write. */
  STORAGE_READ_ONLY(Kind.STORAGE_WRITE),

  /** Nobody listens. */
  NO_CONNECTION(Kind.NETWORK),
  /** The connection breaks, and nothing has happened. */
  CUT(Kind.NETWORK),
  /** It happens, and the connection breaks before the reply. */
  REPLY_LOST(Kind.NETWORK),
  /** It happens, and the connection breaks within the reply. */
  BROKEN_OFF(Kind.NETWORK),
  /** The connection breaks at once, and it happens all the same, seconds later. */
  LATE_EFFECT(Kind.NETWORK),
  /** 429, for seconds. */
  LIMITED(Kind.NETWORK),
  /** 429, for many minutes. */
  LIMITED_LONG(Kind.NETWORK),
  /** 503, and nothing has happened. */
  UNAVAILABLE(Kind.NETWORK),
  /** 504, and it has happened. */
  UNAVAILABLE_AFTER(Kind.NETWORK),
  /** It happens, and the reply is a page of some gateway. */
  GARBAGE(Kind.NETWORK),
  /** A gateway says that it was done, and nothing has happened. */
  GATEWAY_CLAIMS(Kind.NETWORK),
  /** Genesys says that it will be done, and does it seconds later. */
  PROMISED(Kind.NETWORK),
  /**
   * What is made has other roles and divisions than were asked for; a destination does not keep
   * what it says that it took.
   */
  MADE_OTHERWISE(Kind.NETWORK),
  /** A gateway says no, and nothing has happened. */
  PROXY_REFUSES(Kind.NETWORK),
  /** Genesys says that the token is no good. */
  TOKEN_REFUSED(Kind.NETWORK),
  /** From now on, the list leaves out for minutes what was made. */
  LIST_LAGS(Kind.NETWORK),
  /** For minutes from now on, each page of the list shows what its first one does. */
  LIST_REPEATS(Kind.NETWORK),
  /** From now on, what was made answers 404 for minutes. */
  SHOWN_LATE(Kind.NETWORK);

  private enum Kind {
    ANY,
    STORAGE,
    STORAGE_WRITE,
    NETWORK
  }

  private final Kind kind;

  Mishap() {
    this(Kind.ANY);
  }

  Mishap(Kind kind) {
    this.kind = kind;
  }

  /** Whether it can happen there. */
  boolean fits(Door door) {
    return switch (kind) {
      case ANY -> this != NONE;
      case STORAGE -> door == Door.STORAGE_READ || door == Door.STORAGE_WRITE;
      case STORAGE_WRITE -> door == Door.STORAGE_WRITE;
      case NETWORK -> door == Door.NETWORK || (door == Door.RECEIVER && befallsReceivers());
    };
  }

  private boolean befallsReceivers() {
    return switch (this) {
      case NO_CONNECTION, REPLY_LOST, LIMITED, PROXY_REFUSES -> true;
      default -> false;
    };
  }

  /** Whether a process dies of it. */
  boolean endsProcess() {
    return switch (this) {
      case SIDECAR_DIES_BEFORE, SIDECAR_DIES_AFTER, PLUGIN_DIES, VAULT_DIES -> true;
      default -> false;
    };
  }

  /** Whether Vault's own storage is to blame where a request fails. */
  boolean failsStorage() {
    return kind == Kind.STORAGE || kind == Kind.STORAGE_WRITE || this == VERY_SLOW;
  }

  /** A door to the outside. */
  enum Door {
    STORAGE_READ,
    STORAGE_WRITE,
    NETWORK,
    /** The way to those who are told of alarms. */
    RECEIVER
  }
}
