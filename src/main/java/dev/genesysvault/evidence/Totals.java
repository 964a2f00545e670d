package dev.genesysvault.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a report counts, and what it shows first; bounded, however much there is. */
final class Totals {
  /** Late rotations, emergencies and gaps that are shown first; all of them are counted. */
  static final int MOST_SHOWN = 1_000;

  private final SortedMap<String, Integer> byReason = new TreeMap<>();
  private final List<Rotation> late = new ArrayList<>();
  private final List<Rotation> emergencies = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private int roles;
  private int rotations;
  private int lateCount;
  private int openCount;
  private int gapCount;
  private int clients;

  void role() {
    roles++;
  }

  void rotation(Rotation rotation) {
    rotations++;
    byReason.merge(rotation.reason(), 1, Integer::sum);
    if (rotation.open()) {
      openCount++;
    }
    if (!rotation.late().isEmpty()) {
      lateCount++;
      add(late, rotation);
    }
    if (rotation.reason().equals("emergency")) {
      add(emergencies, rotation);
    }
  }

  void client() {
    clients++;
  }

  /** Takes note of what could not be read, as a sentence. */
  void gap(String what) {
    gapCount++;
    add(gaps, what);
  }

  private static <T> void add(List<T> shown, T what) {
    if (shown.size() < MOST_SHOWN) {
      shown.add(what);
    }
  }

  int roles() {
    return roles;
  }

  int rotations() {
    return rotations;
  }

  /** Returns how many rotations there are of each reason, sorted. */
  SortedMap<String, Integer> byReason() {
    return new TreeMap<>(byReason);
  }

  int lateCount() {
    return lateCount;
  }

  int openCount() {
    return openCount;
  }

  int clients() {
    return clients;
  }

  int gapCount() {
    return gapCount;
  }

  /** Returns the first late ones. */
  List<Rotation> late() {
    return List.copyOf(late);
  }

  /** Returns the first emergencies. */
  List<Rotation> emergencies() {
    return List.copyOf(emergencies);
  }

  /** Returns the first things that could not be read. */
  List<String> gaps() {
    return List.copyOf(gaps);
  }
}
