package dev.genesysvault.alert;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.domain.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver is told.
 *
 * @param id the same whenever the same is told again; letters, digits, {@code _} and {@code -}
 * @param cause the same for all that is told of one cause of one mount
 * @param action what happened
 * @param mountUuid of the mount
 * @param mountPath its path, with a trailing slash
 * @param alarm what it is about
 * @param ended when the cause was seen to be over; null while it stands
 * @param count how often the cause has begun since the receiver was last told that it is over
 */
public record AlertMessage(
    String id,
    String cause,
    Action action,
    String mountUuid,
    String mountPath,
    Alarm alarm,
    @Nullable Instant ended,
    int count) {
  /** A summary's longest, in UTF-16 units: what PagerDuty takes. */
  static final int MOST_SUMMARY = 1_024;

  /** What happened. */
  public enum Action {
    /** A cause stands. */
    TRIGGER,
    /** It does not stand any more. */
    RESOLVE,
    /** Nothing: somebody tries whether messages arrive. */
    TEST;

    /** Returns how messages say it. */
    public String word() {
      return switch (this) {
        case TRIGGER -> "triggered";
        case RESOLVE -> "resolved";
        case TEST -> "test";
      };
    }
  }

  /** Returns how bad it is; a test is no harm. */
  public Severity severity() {
    return action == Action.TEST ? Severity.INFO : alarm.kind().severity();
  }

  /** Returns all of it in one sentence. */
  public String summary() {
    var what =
        switch (action) {
          case TRIGGER -> "[%s] ".formatted(severity().word().toUpperCase(Locale.ROOT));
          case RESOLVE -> "[RESOLVED] ";
          case TEST -> "[TEST] Nothing is wrong: this is how an alarm looks. ";
        };
    var subject = alarm.subject().isEmpty() ? "" : " (%s)".formatted(alarm.subject());
    return Texts.cut(
        "%s%s%s: %s".formatted(what, mountPath, subject, alarm.kind().meaning()), MOST_SUMMARY);
  }

  /** Returns where to look, as a path of Vault. */
  public String path() {
    return mountPath + alarm.path();
  }

  /** Returns for how long the cause stood; empty while it does. */
  public Optional<Duration> lasted() {
    return Optional.ofNullable(ended).map(end -> Duration.between(alarm.since(), end));
  }
}
