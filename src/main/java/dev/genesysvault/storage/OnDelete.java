package dev.genesysvault.storage;

import java.util.Locale;

/**
 * A member of a static role's document: what becomes of its present client when the role is
 * deleted.
 */
public enum OnDelete {
  /** It goes where this engine made it, and lives on where it was imported. */
  AUTO,
  /** It is deactivated and deleted. */
  DECOMMISSION,
  /** It lives on, and is nobody's any more. */
  RELEASE;

  /** Returns the word that paths show. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether that client is decommissioned. */
  public boolean ends(StaticClient client) {
    return switch (this) {
      case AUTO -> !client.imported();
      case DECOMMISSION -> true;
      case RELEASE -> false;
    };
  }
}
