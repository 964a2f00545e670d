package dev.genesysvault.storage;

/**
 * Part of a mount's configuration: what it keeps for whoever audits.
 *
 * @param days for which {@code history/} and {@code decommissioned/} keep a document; 0: nothing is
 *     kept there
 * @param attribution whether {@code decommissioned/} keeps a document of each dynamic client that
 *     is gone
 */
public record Keeping(int days, boolean attribution) {
  /** More than a year, so that one audit a year misses nothing. */
  public static final int DEFAULT_DAYS = 400;

  /** Ten years. */
  public static final int MOST_DAYS = 3_650;

  /** What holds where nobody wrote anything. */
  public static final Keeping DEFAULT = new Keeping(DEFAULT_DAYS, false);

  /** Whether a client that is issued now is kept when it has ended. */
  public boolean keepsAttribution() {
    return attribution && days > 0;
  }

  static Keeping read(Members members) {
    return new Keeping(
        members.number("history_days").orElse(DEFAULT_DAYS), members.flag("keep_attribution"));
  }
}
