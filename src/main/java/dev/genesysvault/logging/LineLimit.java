package dev.genesysvault.logging;

import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first line of each cause through, and of those that follow one a minute at most: the
 * last one is held until then, and says how many they were; so the end of a trouble is told as well
 * as its beginning. It names the subjects of all of them. A cause that goes on is told ever more
 * rarely, down to once in five minutes. Belongs to whoever holds the monitor of the log.
 *
 * @param <L> a line
 */
final class LineLimit<L> {
  /** Between the first two lines of one cause. */
  static final Duration QUIET = Duration.ofMinutes(1);

  /** Between two lines of one cause that goes on. */
  static final Duration LONGEST_QUIET = Duration.ofMinutes(5);

  /** Causes that are told apart at a time; all further ones are one. */
  static final int MOST_CAUSES = 256;

  /** What may be met at one place, of the same: all further is one, as it is of all places. */
  static final int MOST_AT_ONE_PLACE = 5;

  private static final LogCause OTHERS = LogCause.at("others");

  private final Time time;
  private final Map<LogCause, Known<L>> causes = new LinkedHashMap<>();

  LineLimit(Time time) {
    this.time = time;
  }

  /**
   * A line that is to be written now.
   *
   * @param count how many lines of its cause it stands for, itself included
   * @param about of whom those tell; empty for less than two
   */
  record Due<L>(L line, long count, String about) {
    /** One that stands for itself alone. */
    Due(L line) {
      this(line, 1, "");
    }
  }

  private static final class Known<L> {
    private long told;
    private Duration quiet = QUIET;
    private long count;
    private @Nullable L held;
    private Subjects subjects = new Subjects();

    Known(long told) {
      this.told = told;
    }

    Optional<Due<L>> due() {
      return Optional.ofNullable(held).map(line -> new Due<>(line, count, subjects.text()));
    }

    void toldAgain(long now) {
      var twice = quiet.multipliedBy(2);
      quiet = twice.compareTo(LONGEST_QUIET) < 0 ? twice : LONGEST_QUIET;
      told = now;
      count = 0;
      held = null;
      subjects = new Subjects();
    }
  }

  /**
   * Takes a line after {@link #due} was asked; returns it where it is to be written now.
   *
   * @param subject of whom it tells; empty for nobody in particular
   */
  Optional<Due<L>> meet(LogCause cause, String subject, L line) {
    var counted = counted(cause);
    var known = causes.get(counted);
    if (known == null) {
      causes.put(counted, new Known<>(time.nanos()));
      return Optional.of(new Due<>(line));
    }
    known.held = line;
    known.count++;
    known.subjects.add(subject);
    return Optional.empty();
  }

  private LogCause counted(LogCause cause) {
    if (causes.containsKey(cause)) {
      return cause;
    }
    var alike = causes.keySet().stream().filter(it -> it.place().equals(cause.place())).count();
    var wider = alike >= MOST_AT_ONE_PLACE ? cause.whatever() : cause;
    return causes.containsKey(wider) || causes.size() < MOST_CAUSES ? wider : OTHERS;
  }

  /** Returns what was held for long enough; a cause is forgotten once nothing more comes of it. */
  List<Due<L>> due() {
    var due = new ArrayList<Due<L>>();
    long now = time.nanos();
    causes
        .values()
        .removeIf(known -> {
          if (now - known.told < known.quiet.toNanos()) {
            return false;
          }
          var line = known.due();
          line.ifPresent(due::add);
          known.toldAgain(now);
          return line.isEmpty();
        });
    return due;
  }

  /** Returns whatever is held, since nobody will ask again. */
  List<Due<L>> rest() {
    var rest = causes.values().stream().map(Known::due).flatMap(Optional::stream).toList();
    causes.clear();
    return rest;
  }
}
