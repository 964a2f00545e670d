package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which values of labels are told apart: the first of each label, up to its {@link Label#most}; all
 * others are {@link Label#OTHER}. Roles are told apart within their mount, and one that is not used
 * any more makes room for another. Memory and the size of an answer are bounded by that, whatever
 * callers send.
 */
final class LabelBounds {
  /** Of a longer value nobody reads the end, and it is told apart from no other such one. */
  static final int LONGEST_VALUE = 256;

  /** A role of which nothing was said for longer gives its place to others. */
  private static final Duration UNUSED = Duration.ofHours(1);

  /** The values of a place, by when each was used last, by the clock of {@link #at}. */
  private final Map<Place, Map<String, Long>> known = new HashMap<>();

  private long now;

  /**
   * Makes one that knows no values.
   *
   * @param nanos as {@link #at} is told
   */
  LabelBounds(long nanos) {
    this.now = nanos;
  }

  /**
   * Where values share a bound.
   *
   * @param mount of a role; empty for what all mounts share
   */
  private record Place(Label label, String mount) {}

  /** Returns what a metric's labels are shown as; as many as it has. */
  List<String> bounded(Metric metric, List<String> values) {
    return bounded(metric, values, true);
  }

  /** As {@link #bounded(Metric, List)}, but a role that has no place yet gets none. */
  List<String> ofKnownRole(Metric metric, List<String> values) {
    return bounded(metric, values, false);
  }

  private synchronized List<String> bounded(Metric metric, List<String> values, boolean found) {
    var labels = metric.labels();
    if (labels.size() != values.size()) {
      throw new IllegalArgumentException(
          "%s has %d labels, and %d values were given"
              .formatted(metric, labels.size(), values.size()));
    }
    var bounded = new ArrayList<String>(values.size());
    var mount = "";
    for (int i = 0; i < values.size(); i++) {
      var label = labels.get(i);
      var place = new Place(label, label == Label.ROLE ? mount : "");
      bounded.add(bounded(place, values.get(i), found || label != Label.ROLE));
      mount = label == Label.MOUNT ? bounded.get(i) : mount;
    }
    return List.copyOf(bounded);
  }

  private String bounded(Place place, String value, boolean mayBegin) {
    if (value.length() > LONGEST_VALUE) {
      return Label.OTHER;
    }
    var shown = Texts.printable(value, LONGEST_VALUE);
    var all = known.computeIfAbsent(place, _ -> new HashMap<>());
    if (!all.containsKey(shown) && (!mayBegin || all.size() >= place.label.most())) {
      return Label.OTHER;
    }
    all.put(shown, now);
    return shown;
  }

  /** Takes note that a role is used, as {@link #bounded} does. */
  synchronized void used(String mount, String role) {
    var all = known.get(new Place(Label.ROLE, mount));
    if (all != null) {
      all.replace(role, now);
    }
  }

  /** Whether a role has a place of its own. */
  synchronized boolean has(String mount, String role) {
    var all = known.get(new Place(Label.ROLE, mount));
    return all != null && all.containsKey(role);
  }

  /** Takes note of the time, in nanoseconds by a clock that does not jump. */
  synchronized void at(long nanos) {
    now = nanos;
  }

  /** Forgets the roles that were not used for long, of mounts that have no place for another. */
  synchronized void renew() {
    known.forEach((place, all) -> {
      if (place.label == Label.ROLE && all.size() >= Label.ROLE.most()) {
        all.values().removeIf(last -> now - last > UNUSED.toNanos());
      }
    });
  }

  /**
   * Forgets every mount but these, and its roles, so that there is room for others, and returns
   * what they are shown as from now on.
   */
  synchronized Set<String> mounts(Set<String> there) {
    var place = new Place(Label.MOUNT, "");
    var all = known.computeIfAbsent(place, _ -> new HashMap<>());
    all.keySet()
        .retainAll(
            there.stream()
                .map(value -> Texts.printable(value, LONGEST_VALUE))
                .collect(Collectors.toSet()));
    var shown =
        there.stream().map(value -> bounded(place, value, true)).collect(Collectors.toSet());
    known
        .keySet()
        .removeIf(it ->
            it.label == Label.ROLE && !it.mount.equals(Label.OTHER) && !shown.contains(it.mount));
    return shown;
  }
}
