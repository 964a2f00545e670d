package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which values of labels are told apart: the first of each label, up to its {@link Label#most}; all
 * others are {@link Label#OTHER}. Memory and the size of an answer are bounded by that, whatever
 * callers send.
 */
final class LabelBounds {
  /** Of a longer value nobody reads the end, and it is told apart from no other such one. */
  static final int LONGEST_VALUE = 256;

  private final Map<Label, Set<String>> known = new HashMap<>();

  /** Returns what a metric's labels are shown as; as many as it has. */
  synchronized List<String> bounded(Metric metric, List<String> values) {
    var labels = metric.labels();
    if (labels.size() != values.size()) {
      throw new IllegalArgumentException(
          "%s has %d labels, and %d values were given"
              .formatted(metric, labels.size(), values.size()));
    }
    var bounded = new ArrayList<String>(values.size());
    for (int i = 0; i < values.size(); i++) {
      bounded.add(bounded(labels.get(i), values.get(i)));
    }
    return List.copyOf(bounded);
  }

  /** Returns what a value is shown as. */
  synchronized String bounded(Label label, String value) {
    if (value.length() > LONGEST_VALUE) {
      return Label.OTHER;
    }
    var shown = Texts.printable(value, LONGEST_VALUE);
    var all = known.computeIfAbsent(label, _ -> new HashSet<>());
    if (all.contains(shown)) {
      return shown;
    }
    if (all.size() >= label.most()) {
      return Label.OTHER;
    }
    all.add(shown);
    return shown;
  }

  /**
   * Forgets every value of a label but these, so that there is room for others, and returns what
   * they are shown as from now on.
   */
  synchronized Set<String> only(Label label, Set<String> values) {
    var all = known.computeIfAbsent(label, _ -> new HashSet<>());
    all.retainAll(
        values.stream()
            .map(value -> Texts.printable(value, LONGEST_VALUE))
            .collect(Collectors.toSet()));
    return values.stream().map(value -> bounded(label, value)).collect(Collectors.toSet());
  }
}
