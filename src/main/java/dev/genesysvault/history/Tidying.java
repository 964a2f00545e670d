package dev.genesysvault.history;

import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Removes documents that are kept for too long, some at a time. How long is counted from the last
 * of what they tell: the end of a client that lived long is news, however long ago it was made.
 */
final class Tidying {
  /** Documents of a static role looked at at a time, so that nobody waits for long. */
  static final int MOST_LOOKED_AT = 20;

  private static final Duration LONGEST = Duration.ofDays(Keeping.MOST_DAYS);

  private Tidying() {}

  /**
   * How far one look came.
   *
   * @param after the name after which the next one goes on; empty where there is no more
   * @param again when to look again; {@link Instant#MAX} where nothing is left
   */
  record Looked(String after, Instant again) {}

  /**
   * Looks at a static role's rotations, the oldest first; of more than are kept the oldest go.
   *
   * @param after where the last look ended; empty for the beginning
   */
  static Looked ofRotations(
      Folder<RecordedRotation> folder, Duration keep, Instant now, String after)
      throws InterruptedException {
    var names = folder.names().stream().filter(name -> HistoryIds.time(name).isPresent()).toList();
    int surplus = Math.clamp(names.size() - History.MOST, 0, MOST_LOOKED_AT);
    for (var name : names.subList(0, surplus)) {
      folder.entry(name).delete();
    }
    var next = Instant.MAX;
    int begun = surplus;
    for (; begun < names.size(); begun++) {
      var over = HistoryIds.time(names.get(begun)).orElseThrow().plus(keep);
      if (over.isAfter(now)) {
        next = over;
        break;
      }
    }
    var old =
        names.subList(surplus, begun).stream().filter(name -> name.compareTo(after) > 0).toList();
    var looked = look(folder, old, keep, now, MOST_LOOKED_AT, it -> keptFrom(it, keep, now));
    return looked.after().isEmpty() && next.isBefore(looked.again())
        ? new Looked("", next)
        : looked;
  }

  /** What is not over ends now at the earliest; but nothing is kept for ever. */
  private static Instant keptFrom(RecordedRotation rotation, Duration keep, Instant now) {
    var last = rotation.lastDone();
    if (!rotation.open()) {
      return last;
    }
    var latest = last.plus(LONGEST).minus(keep);
    return latest.isBefore(now) ? latest : now;
  }

  /**
   * Looks at documents, the first first, and removes those that are kept for too long.
   *
   * @param keep zero for nothing at all
   * @param most how many are looked at
   * @param last from when on a document is kept that long
   */
  static <T> Looked look(
      Folder<T> folder,
      List<String> names,
      Duration keep,
      Instant now,
      int most,
      Function<T, Instant> last)
      throws InterruptedException {
    var again = Instant.MAX;
    for (var name : names.subList(0, Math.min(names.size(), most))) {
      var over = keep.isZero() ? now : over(folder, name, keep, now, last);
      if (over.isAfter(now)) {
        again = over.isBefore(again) ? over : again;
      } else {
        folder.entry(name).delete();
      }
    }
    return names.size() > most ? new Looked(names.get(most - 1), now) : new Looked("", again);
  }

  /** What nobody can read goes by its name, as old as that is. */
  private static <T> Instant over(
      Folder<T> folder, String name, Duration keep, Instant now, Function<T, Instant> last)
      throws InterruptedException {
    try {
      return folder.entry(name).get().map(last).map(end -> end.plus(keep)).orElse(now);
    } catch (StorageException e) {
      if (e.kind() == Kind.UNREADABLE) {
        return now;
      }
      throw e;
    }
  }
}
