package dev.genesysvault.resilience;

import java.util.Locale;

/**
 * Which part of the request budget a request to Genesys takes from, by what it is for. An emergency
 * goes before everything; each other lane has a guaranteed part of the {@link RateBudget} while it
 * has work.
 */
public enum Lane {
  /** Takes a leaked credential's log-in away, and makes the one that takes its place. */
  EMERGENCY(0),
  /** Ends what a credential may do. */
  DEACTIVATE(30),
  /** Somebody waits for a credential, or for a configuration's check. */
  ISSUE(20),
  /** Makes or checks the successor of a static credential. */
  ROTATE(5),
  /** Removes what can do no harm any more. */
  DELETE(3),
  /** Looks at what nobody waits for. */
  LOOK(2);

  /** Of which each {@link #weight()} is a part. */
  static final int WHOLE = 60;

  private final int weight;
  private final String word = name().toLowerCase(Locale.ROOT);

  Lane(int weight) {
    this.weight = weight;
  }

  /** Returns its guaranteed part, in {@link #WHOLE}ths; zero for the one that always goes first. */
  int weight() {
    return weight;
  }

  /** Returns its name as people read it. */
  public String word() {
    return word;
  }
}
