package dev.genesysvault.rotation;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** A cron expression of five fields (minute, hour, day of month, month, day of week), in UTC. */
public final class CronSchedule {
  /** Slots to look at for the shortest time between two: a month of nightly ones and more. */
  private static final int SLOTS = 40;

  /** The parser takes a time that grows with the square of the length. */
  private static final int LONGEST = 256;

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final ExecutionTime times;

  private CronSchedule(ExecutionTime times) {
    this.times = times;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is none, or one that never comes
   */
  public static CronSchedule parse(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "it has %d characters; at most %d are allowed".formatted(text.length(), LONGEST));
    }
    try {
      var schedule = new CronSchedule(ExecutionTime.forCron(PARSER.parse(text).validate()));
      var _ = schedule.next(Instant.EPOCH);
      return schedule;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no cron expression of five fields: %s".formatted(text, e.getMessage()), e);
    }
  }

  /**
   * Returns the first slot after a time.
   *
   * @throws IllegalArgumentException if none comes
   */
  public Instant next(Instant after) {
    return times
        .nextExecution(utc(after))
        .map(ZonedDateTime::toInstant)
        .orElseThrow(() -> new IllegalArgumentException("it never comes"));
  }

  /** Returns the shortest time between two of the slots that come next. */
  public Duration shortestInterval(Instant after) {
    var slot = next(after);
    var shortest = interval(after);
    for (int i = 0; i < SLOTS; i++) {
      var following = times.nextExecution(utc(slot)).map(ZonedDateTime::toInstant);
      if (following.isEmpty()) {
        return shortest;
      }
      var between = Duration.between(slot, following.get());
      shortest = between.compareTo(shortest) < 0 ? between : shortest;
      slot = following.get();
    }
    return shortest;
  }

  /** Returns the time between the last slot before, and the first one after a time. */
  public Duration interval(Instant around) {
    var last = times.lastExecution(utc(around)).map(ZonedDateTime::toInstant).orElse(around);
    return Duration.between(last, next(around));
  }

  private static ZonedDateTime utc(Instant time) {
    return time.atZone(ZoneOffset.UTC);
  }
}
