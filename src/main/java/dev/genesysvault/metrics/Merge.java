package dev.genesysvault.metrics;

/** What becomes of the values of one gauge that end up with the same labels. */
public enum Merge {
  SUM,
  LEAST,
  MOST;

  /** Puts two values together. */
  public double of(double one, double another) {
    return switch (this) {
      case SUM -> one + another;
      case LEAST -> Math.min(one, another);
      case MOST -> Math.max(one, another);
    };
  }
}
