package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A limit of the log: writes what happens again and again to the log once a minute for each cause,
 * with a count: a thousand records that meet the same bug are one trouble, and must not hide
 * another one.
 */
public final class BugLog {
  /** Between two lines of one cause. */
  static final Duration QUIET = Duration.ofMinutes(1);

  /** Causes that are told apart at a time; the one that was met least lately is forgotten. */
  static final int MOST_CAUSES = 64;

  private final Time time;
  private final Map<String, Cause> causes =
      new LinkedHashMap<>(MOST_CAUSES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cause> eldest) {
          return size() > MOST_CAUSES;
        }
      };

  /** Makes one that has told nothing yet. */
  public BugLog(Time time) {
    this.time = time;
  }

  private static final class Cause {
    private long told;
    private long since;
  }

  /**
   * Logs an error with its stack, unless the same one was told within the last minute. What counts
   * as the same is its class, where it was thrown, and the message.
   *
   * @param message what met it, the same text for all
   * @param details adds what concerns this one alone; no secret
   */
  public void told(
      Logger log, String message, Throwable bug, UnaryOperator<LoggingEventBuilder> details) {
    var count = count(message + '\n' + bug.getClass().getName() + '\n' + origin(bug));
    if (count.isPresent()) {
      details
          .apply(log.atError())
          .addKeyValue("count", count.getAsLong())
          .setCause(bug)
          .log(message);
    }
  }

  /**
   * Counts one occurrence of a cause.
   *
   * @return how many there were since the last line, this one included, where a line is due
   */
  public synchronized OptionalLong count(String cause) {
    var known = causes.get(cause);
    long now = time.nanos();
    if (known == null) {
      known = new Cause();
      causes.put(cause, known);
    } else if (now - known.told < QUIET.toNanos()) {
      known.since++;
      return OptionalLong.empty();
    }
    long count = known.since + 1;
    known.told = now;
    known.since = 0;
    return OptionalLong.of(count);
  }

  private static String origin(Throwable bug) {
    var stack = bug.getStackTrace();
    return stack.length == 0 ? "" : stack[0].toString();
  }
}
