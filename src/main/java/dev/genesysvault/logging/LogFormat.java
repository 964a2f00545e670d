package dev.genesysvault.logging;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How lines of the log look. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** For collectors: an object a line. */
  JSON;

  /** Returns its name, as settings have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the one of that name; empty for none. */
  public static Optional<LogFormat> of(String word) {
    return Stream.of(values()).filter(format -> format.word().equals(word)).findFirst();
  }
}
