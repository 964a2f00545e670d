package dev.genesysvault.logging;

import dev.genesysvault.domain.Texts;
import java.util.LinkedHashSet;
import java.util.Set;

/** Of whom the lines tell that one line stands for: the first ten by name, the others counted. */
final class Subjects {
  /** That are told apart; of more there are at least so many. */
  static final int MOST = 1_000;

  private static final int MOST_NAMED = 10;

  private final Set<String> names = new LinkedHashSet<>();

  /** Adds one; empty for a line that tells of nobody in particular. */
  void add(String name) {
    if (!name.isEmpty() && names.size() < MOST) {
      names.add(name);
    }
  }

  /** Returns who they are; empty for less than two, since the line itself names one. */
  String text() {
    if (names.size() < 2) {
      return "";
    }
    return names.size() < MOST
        ? Texts.some(names)
        : "%s and at least %,d more"
            .formatted(names.stream().limit(MOST_NAMED).toList(), names.size() - MOST_NAMED);
  }
}
