package dev.genesysvault.observe;

import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Metric;
import io.micrometer.core.instrument.Tags;
import java.util.Collections;
import java.util.List;

/** One metric with the values of its labels, as they are shown. */
record Series(Metric metric, List<String> values) {
  /** Returns the one that stands for all for which there is no place. */
  static Series other(Metric metric) {
    return new Series(metric, Collections.nCopies(metric.labels().size(), Label.OTHER));
  }

  /** Returns the labels as Micrometer takes them. */
  Tags tags() {
    var tags = new String[2 * values.size()];
    for (int i = 0; i < values.size(); i++) {
      tags[2 * i] = metric.labels().get(i).word();
      tags[2 * i + 1] = values.get(i);
    }
    return Tags.of(tags);
  }
}
