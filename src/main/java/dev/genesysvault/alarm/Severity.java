package dev.genesysvault.alarm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How bad it is: the four words of PagerDuty's Events API v2, the worst first. */
public enum Severity {
  /** Somebody is to act at once, at any hour. */
  CRITICAL,
  /** Somebody is to act today. */
  ERROR,
  /** Somebody should look. */
  WARNING,
  /** Good to know. */
  INFO;

  /** Returns its name, as all who are told write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the one of that name; empty for none. */
  public static Optional<Severity> of(String word) {
    return Stream.of(values()).filter(severity -> severity.word().equals(word)).findFirst();
  }

  /** Whether it is at least as bad as another one. */
  public boolean atLeast(Severity other) {
    return compareTo(other) <= 0;
  }
}
