package dev.genesysvault.domain;

/** The value of an {@link Outcome} that has none. */
public enum Done {
  DONE
}
