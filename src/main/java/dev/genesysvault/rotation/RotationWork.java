package dev.genesysvault.rotation;

import dev.genesysvault.work.WorkItem;
import java.util.Comparator;

/** What waits in a {@link RotationQueue}, twice for each role: for its step, and to be watched. */
final class RotationWork extends WorkItem<RotationPriority> {
  /** Whoever has waited longest goes first. */
  static final Comparator<RotationWork> LONGEST_FIRST =
      Comparator.comparing(RotationWork::due).thenComparing(work -> work.item.name);

  final RotationItem item;
  final boolean watch;

  /**
   * Makes one that waits nowhere.
   *
   * @param watch whether the role is looked at and nothing more, or stepped by whoever takes it
   */
  RotationWork(RotationItem item, boolean watch) {
    this.item = item;
    this.watch = watch;
  }
}
