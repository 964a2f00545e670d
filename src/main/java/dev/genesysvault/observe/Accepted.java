package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import java.util.List;
import java.util.Locale;

/** The forms in which metrics are written, and which of them a header {@code Accept} asks for. */
enum Accepted {
  /** The older one, for whoever does not say what it wants. */
  PROMETHEUS("text/plain; version=0.0.4; charset=utf-8", List.of("text/plain", "text/*", "*/*")),
  OPEN_METRICS(
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
      List.of("application/openmetrics-text"));

  private static final int MOST_RANGES = 32;

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // Nobody can change what List.of gives.
  private final List<String> ranges;

  Accepted(String contentType, List<String> ranges) {
    this.contentType = contentType;
    this.ranges = ranges;
  }

  String contentType() {
    return contentType;
  }

  /** Returns the form that a header prefers; empty is a header that is not there. */
  static Accepted of(String accept) {
    double open = OPEN_METRICS.quality(accept);
    return open > 0 && open >= PROMETHEUS.quality(accept) ? OPEN_METRICS : PROMETHEUS;
  }

  private double quality(String accept) {
    double best = 0;
    for (var range : Texts.split(accept.toLowerCase(Locale.ROOT), ',', MOST_RANGES)) {
      var parts = Texts.split(range, ';', MOST_RANGES);
      if (ranges.contains(parts.getFirst().strip())) {
        best = Math.max(best, quality(parts));
      }
    }
    return best;
  }

  private static double quality(List<String> parts) {
    for (var part : parts) {
      var parameter = part.strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException _) {
          return 0;
        }
      }
    }
    return 1;
  }
}
