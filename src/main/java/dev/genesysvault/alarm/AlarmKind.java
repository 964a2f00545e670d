package dev.genesysvault.alarm;

import static dev.genesysvault.alarm.Severity.CRITICAL;
import static dev.genesysvault.alarm.Severity.ERROR;
import static dev.genesysvault.alarm.Severity.WARNING;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every alarm of a mount. Its word is what receivers, metrics and rules name it by: one that was
 * released is not given another meaning. {@code docs/alerts.md} is held equal to this list by a
 * test.
 *
 * <p>What is told of a cause once it stands is its {@link Alarm}.
 */
public enum AlarmKind {
  GENESYS_UNREACHABLE(
      CRITICAL,
      false,
      "Genesys does not answer, or refuses the mount's log-in, for five minutes",
      "See genesys_error: the network's way to Genesys, or the mount's own client",
      "status"),
  CONSEQUENCES(
      CRITICAL,
      false,
      "What follows from Genesys being away: rotations and ends of clients that wait for it",
      "Mend the alarm genesys_unreachable; what is still late some minutes after it is told by itself",
      "status"),
  OWN_CREDENTIAL_REFUSED(
      CRITICAL,
      false,
      "Genesys refuses the client that the mount itself logs in with",
      "Write config with a client that works",
      "config"),
  OWN_CREDENTIAL_ENDING(
      WARNING,
      false,
      "The client that the mount itself logs in with is near its end",
      "Write config with a new client before then",
      "config"),
  BUDGET_PAUSED(
      WARNING,
      false,
      "Genesys has had no call made for more than ten minutes, since it answered 429",
      "See what else calls Genesys with the mount's own client, or ask Genesys for a higher limit",
      "status"),
  CLIENT_LIST_NOT_WHOLE(
      ERROR,
      false,
      "Genesys' list of clients is not whole, twice in a row: nothing is taken for gone that it does not show",
      "See the alarm's detail: mend what stands between here and Genesys, or ask Genesys' support",
      "status"),
  STORAGE_HELD(
      CRITICAL,
      false,
      "Genesys has clients of this mount that its storage does not know: it was restored or copied",
      "Say which copy this is",
      "status"),
  MAX_CLIENTS_REACHED(
      ERROR,
      false,
      "No client is made, since the mount has as many as it may",
      "Revoke leases that nobody needs, or raise the limit",
      "status"),
  ROTATION_OVERDUE(
      CRITICAL,
      true,
      "A rotation has not ended by the time that it should have",
      "See last_error: the rotation goes on by itself once that is mended",
      "static-roles/%s/status"),
  ROTATION_FAILING(
      ERROR,
      true,
      "A rotation's step has failed for the third time in a row",
      "See last_error: the present credential stays as it is meanwhile",
      "static-roles/%s/status"),
  PRESENT_CLIENT_GONE(
      CRITICAL,
      false,
      "What readers of a static credential hold does not log in: it is gone or inactive",
      "Write rotate-role/NAME for another client, or activate this one at Genesys",
      "static-roles/%s/status"),
  FORMER_CLIENT_IN_USE(
      WARNING,
      false,
      "A static credential's former client is still used after its grace",
      "Find the application that has not read the new credential; the client ends by itself later",
      "static-roles/%s/status"),
  DRIFT(
      WARNING,
      false,
      "Somebody else has changed what this mount keeps elsewhere",
      "See drift and destinations: write the role or resend it, or find who else writes there",
      "static-roles/%s/status"),
  DESTINATION_BEHIND(
      ERROR,
      false,
      "A destination does not hold a static credential that it should hold by now",
      "See destinations; destinations/NAME/check says what is missing",
      "static-roles/%s/status"),
  STATIC_ROLE_UNREADABLE(
      ERROR,
      false,
      "A static role's credential in Vault's storage cannot be read, so that nobody rotates it",
      "See the log; restore its entry, or delete and import the role anew",
      "static-roles/%s"),
  DECOMMISSION_OVERDUE(
      CRITICAL,
      true,
      "A client that should be decommissioned may still log in",
      "See last_error; in an emergency deactivate it at Genesys by hand",
      "clients/%s"),
  CLIENT_STUCK(
      ERROR,
      false,
      "A client's end needs a person: asking Genesys again cannot mend it",
      "See last_error, mend it, write clients/KEY/retry",
      "clients/%s"),
  RECORD_UNREADABLE(
      ERROR,
      false,
      "A client's record in Vault's storage cannot be read, so that nobody ends the client",
      "See the log; find the client at Genesys by the key in its name",
      "clients/%s"),
  JOURNAL_UNUSABLE(
      ERROR,
      false,
      "A revoke that the plugin wrote down cannot be taken over",
      "See queues; revoke the lease again, or deactivate the client at Genesys",
      "status"),
  TOO_MANY_ALARMS(
      ERROR,
      false,
      "More alarms stand than are told one by one",
      "See status and clients: many of one kind have one cause",
      "status");

  private final Severity severity;
  private final boolean follows;
  private final String meaning;
  private final String advice;
  private final String path;

  AlarmKind(Severity severity, boolean follows, String meaning, String advice, String path) {
    this.severity = severity;
    this.follows = follows;
    this.meaning = meaning;
    this.advice = advice;
    this.path = path;
  }

  /** Returns its name, for receivers, metrics and settings. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the one of that name; empty for none. */
  public static Optional<AlarmKind> of(String word) {
    return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  public Severity severity() {
    return severity;
  }

  /** Whether it follows from Genesys being away, so that it is no news of its own then. */
  public boolean follows() {
    return follows;
  }

  /** Returns what it means, in one sentence without a full stop. */
  public String meaning() {
    return meaning;
  }

  /** Returns what to do, in one sentence without a full stop. */
  public String advice() {
    return advice;
  }

  /**
   * Returns the path below the mount where to look.
   *
   * @param subject what it is about; empty for the mount as a whole
   */
  public String path(String subject) {
    return subject.isEmpty() && path.contains("%s") ? "status" : path.formatted(subject);
  }
}
