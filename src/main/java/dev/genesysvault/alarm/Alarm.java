package dev.genesysvault.alarm;

import dev.genesysvault.domain.Texts;
import java.time.Instant;

/**
 * A cause that stands now.
 *
 * @param kind of alarm
 * @param subject what it is about: a static role's name, a client's key; empty for the mount as a
 *     whole. With the kind it is the cause: there is one alarm of it, however often it is tried.
 * @param since when it began, as far as is known
 * @param detail what was seen last, never a secret; at most {@link #MOST_DETAIL} UTF-16 units
 */
public record Alarm(AlarmKind kind, String subject, Instant since, String detail) {
  /** The longest detail, in UTF-16 units. */
  public static final int MOST_DETAIL = 500;

  private static final int MOST_SUBJECT = 512;

  /** Cuts what is longer. */
  public Alarm {
    subject = Texts.cut(subject, MOST_SUBJECT);
    detail = Texts.printable(detail, MOST_DETAIL);
  }

  /** Whether it is about the whole mount, and about no single thing of it: one of few. */
  public boolean ofMount() {
    return subject.isEmpty();
  }

  /** Returns the path below the mount where to look. */
  public String path() {
    return kind.path(subject);
  }
}
