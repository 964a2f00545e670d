package dev.genesysvault.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Writes lines as text or as JSON. */
sealed interface LineForm permits JsonForm, TextForm {
  /** Frames of one exception that are written, at most: those of an overflowed stack are alike. */
  int MOST_FRAMES = 60;

  /** All of a line's exceptions together, in UTF-16 units. */
  int LONGEST_STACK = 16_000;

  /** Returns the form of that name. */
  static LineForm of(LogFormat format) {
    return switch (format) {
      case TEXT -> new TextForm();
      case JSON -> new JsonForm();
    };
  }

  /** Returns a line with its end. */
  String of(LineLimit.Due<Line> due);

  /** Returns the name of the class that wrote it, without its package. */
  static String logger(ILoggingEvent event) {
    var name = event.getLoggerName();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
