package dev.genesysvault.storage;

import java.util.Locale;

/**
 * A member of a static role's document: what becomes of a former client that is still called with
 * once its grace is over.
 */
public enum UsageCheck {
  /** Nobody looks; it goes. */
  OFF,
  /** It goes, and operators are told. */
  WARN,
  /** It stays until it is quiet, for a while at most. */
  WAIT;

  /** Returns the word that paths show. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
