package dev.genesysvault.overview;

import java.time.Instant;
import java.util.List;

/**
 * When the static roles of a mount were rotated and will be, in days of UTC.
 *
 * @param mount its path
 * @param days of {@link #DAYS} before today, today, and {@link #DAYS} after; without those on which
 *     nothing is
 * @param late what is overdue, the latest first; at most {@link #MOST_ROLES}, and only where roles
 *     are named
 * @param next what is planned first; as many, and as {@code late}
 */
public record RotationCalendar(
    String mount, List<Day> days, List<Planned> late, List<Planned> next) {
  /** How far it looks back, and ahead. */
  public static final int DAYS = 90;

  /** Roles of a mount that are named, at most. */
  public static final int MOST_ROLES = 10;

  /** Copies the lists. */
  public RotationCalendar {
    days = List.copyOf(days);
    late = List.copyOf(late);
    next = List.copyOf(next);
  }

  /**
   * A day.
   *
   * @param offset from today; negative for one before it
   * @param done how many rotations there were, as far as each role remembers
   * @param planned how many roles have their next rotation then
   * @param overdue of how many roles something should have happened since then
   */
  public record Day(int offset, int done, int planned, int overdue) {}

  /**
   * A rotation of a named role.
   *
   * @param role its name
   * @param at when it was due, or is
   */
  public record Planned(String role, Instant at) {}
}
