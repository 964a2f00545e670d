package dev.genesysvault.metrics;

import static dev.genesysvault.metrics.Label.ALARM;
import static dev.genesysvault.metrics.Label.CALL;
import static dev.genesysvault.metrics.Label.LANE;
import static dev.genesysvault.metrics.Label.METHOD;
import static dev.genesysvault.metrics.Label.MOUNT;
import static dev.genesysvault.metrics.Label.OPERATION;
import static dev.genesysvault.metrics.Label.PATH;
import static dev.genesysvault.metrics.Label.PHASE;
import static dev.genesysvault.metrics.Label.REASON;
import static dev.genesysvault.metrics.Label.RESULT;
import static dev.genesysvault.metrics.Label.ROLE;
import static dev.genesysvault.metrics.Label.SEVERITY;
import static dev.genesysvault.metrics.Label.STATE;
import static dev.genesysvault.metrics.Label.STATUS;
import static dev.genesysvault.metrics.Label.STEP;
import static dev.genesysvault.metrics.Metric.Kind.COUNTER;
import static dev.genesysvault.metrics.Metric.Kind.GAUGE;
import static dev.genesysvault.metrics.Metric.Kind.SUMMARY;
import static dev.genesysvault.metrics.Metric.Kind.TIMER;
import static dev.genesysvault.metrics.Metric.Unit.NUMBER;
import static dev.genesysvault.metrics.Metric.Unit.SECONDS;

import java.util.List;
import java.util.Locale;

/**
 * Every metric that the sidecar reports of itself; those of the process are {@link ProcessMetric}s.
 * {@code docs/metrics.md} is held equal to this list by a test. A name that was released is not
 * given another meaning.
 */
public enum Metric {
  REQUESTS(
      COUNTER, NUMBER, "Requests of Vault that were answered.", MOUNT, PATH, OPERATION, RESULT),
  REQUEST_DURATION(TIMER, SECONDS, "How long requests of Vault took.", PATH, OPERATION, RESULT),
  REQUEST_STORAGE_OPERATIONS(
      SUMMARY,
      NUMBER,
      "Operations on Vault's storage that a request needed beside what came along with it.",
      PATH,
      OPERATION),
  ROLE_REQUESTS(
      COUNTER,
      NUMBER,
      "Requests of `creds/<role>` and `static-creds/<name>` that were answered, by role. A name that nothing was found under is `other`.",
      MOUNT,
      PATH,
      ROLE,
      RESULT),

  GENESYS_CALLS(
      COUNTER, NUMBER, "Calls of Genesys that were made, log-ins among them.", CALL, STATUS, LANE),
  GENESYS_CALL_DURATION(
      TIMER, SECONDS, "How long calls of Genesys took, from the request to the whole reply.", CALL),
  GENESYS_WAIT_DURATION(
      TIMER,
      SECONDS,
      "How long calls of Genesys waited for their place in the request budget before they were made.",
      LANE),
  GENESYS_TURNED_AWAY(
      COUNTER,
      NUMBER,
      "Calls of Genesys that were not made, since the request budget had no place for them in time.",
      LANE),
  GENESYS_RETRIES(
      COUNTER, NUMBER, "Calls of Genesys that were made once more at once, and why.", REASON),

  BUDGET_ALLOWED_REQUESTS(
      GAUGE, NUMBER, "Requests in a window that Genesys allows the mount's own client.", MOUNT),
  BUDGET_USABLE_REQUESTS(
      GAUGE, NUMBER, "Of which this sidecar uses so many: `--rate-limit-share`.", MOUNT),
  BUDGET_REMAINING_REQUESTS(
      GAUGE, NUMBER, "Of which so many are left in this window.", Merge.LEAST, MOUNT),
  BUDGET_RESET_SECONDS(GAUGE, SECONDS, "Until that window ends.", Merge.MOST, MOUNT),
  BUDGET_PAUSE_SECONDS(
      GAUGE,
      SECONDS,
      "For how long no call is made, since Genesys answered 429; 0 for no pause.",
      Merge.MOST,
      MOUNT),
  BUDGET_WAITING_REQUESTS(
      GAUGE, NUMBER, "Calls of Genesys that wait for their place in the budget.", MOUNT, LANE),

  OWN_CREDENTIAL_AGE_SECONDS(
      GAUGE,
      SECONDS,
      "How long ago the secret of the mount's own client was written to `config`. Not there where an older version wrote it, and before its first use.",
      Merge.MOST,
      MOUNT),
  OWN_CREDENTIAL_END_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When Genesys deletes the mount's own client, in Unix time. Not there where it does not say that it will, and before it was asked: some minutes after the session's beginning, then once an hour.",
      Merge.LEAST,
      MOUNT),
  GENESYS_LAST_SUCCESS_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When Genesys last did what the mount's own client asked, in Unix time. Not there before that.",
      Merge.LEAST,
      MOUNT),
  GENESYS_FAILING_SINCE_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "Since when Genesys gives no useful answer or refuses the log-in, in Unix time. Not there while it answers.",
      Merge.LEAST,
      MOUNT),

  SESSION_OPEN(
      GAUGE,
      NUMBER,
      "1 while the mount's background session works, else 0: nothing is deactivated, deleted or rotated then. Not there where this node is not the active one.",
      Merge.LEAST,
      MOUNT),
  SESSION_LOADED(
      GAUGE,
      NUMBER,
      "1 once the session has read every record of a client; what is counted below is not reported before.",
      Merge.LEAST,
      MOUNT),
  SESSION_PAUSE_SECONDS(
      GAUGE,
      SECONDS,
      "For how long the session asks Genesys nothing, since what it met concerns all clients; 0 for no pause.",
      Merge.MOST,
      MOUNT),
  CLIENTS(
      GAUGE,
      NUMBER,
      "Clients with a record, by state: `creating`, `issued`, `retiring`, and `stuck` for those that need a person.",
      MOUNT,
      STATE),
  CLIENTS_LEAVING(
      GAUGE, NUMBER, "Clients in the state `retiring`, by what they wait for.", MOUNT, STEP),
  CLIENTS_MAY_LOG_IN(
      GAUGE,
      NUMBER,
      "Clients that are to go and were not seen deactivated: those that wait for it, are searched, stuck, or unwanted by a request that failed.",
      MOUNT),
  CLIENTS_LEAKED(GAUGE, NUMBER, "Clients that leaked and are not gone yet.", MOUNT),
  CLIENTS_FAILING(GAUGE, NUMBER, "Clients whose last step failed; it is tried again.", MOUNT),
  CLIENTS_UNREADABLE(GAUGE, NUMBER, "Records of clients that cannot be read.", MOUNT),
  CLIENTS_OLDEST_WAITING_SECONDS(
      GAUGE,
      SECONDS,
      "How long the oldest of the clients that are to go has waited, as far as this session saw; 0 for none.",
      Merge.MOST,
      MOUNT),

  JOURNAL_TAKEN_OVER(
      COUNTER,
      NUMBER,
      "Revokes that the plugin wrote down while the sidecar was away, and the session took over."),
  JOURNAL_UNUSABLE(
      GAUGE,
      NUMBER,
      "Such revokes that cannot be taken over: `status` says why. Not there before they were read.",
      MOUNT),

  STATIC_ROLES(GAUGE, NUMBER, "Static roles, by phase of their rotation.", MOUNT, PHASE),
  STATIC_ROLES_FAILING(GAUGE, NUMBER, "Static roles whose last step failed.", MOUNT),
  STATIC_ROLES_OVERDUE(
      GAUGE, NUMBER, "Static roles of which something should have happened by now.", MOUNT),
  STATIC_ROLES_DRIFTED(
      GAUGE,
      NUMBER,
      "Static roles that do well otherwise and whose client was last seen gone or inactive.",
      MOUNT),
  STATIC_ROLES_EMERGENCY(GAUGE, NUMBER, "Static roles whose client leaked and is replaced.", MOUNT),
  STATIC_ROLES_PAUSE_SECONDS(
      GAUGE,
      SECONDS,
      "For how long no static role is stepped, since what was met concerns all; 0 for no pause.",
      Merge.MOST,
      MOUNT),
  STATIC_ROLES_NEXT_ROTATION_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When the next rotation of any static role is due, in Unix time; past where it is late. Not there without one.",
      Merge.LEAST,
      MOUNT),
  STATIC_ROLES_LAST_ROTATION_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When any static role was last rotated, in Unix time. Not there before the first time.",
      Merge.MOST,
      MOUNT),
  STATIC_ROLES_LONGEST_UNROTATED_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When the static role was last rotated that has waited longest since, in Unix time.",
      Merge.LEAST,
      MOUNT),
  STATIC_ROLE_NEXT_ROTATION_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When a static role's next rotation is due, in Unix time.",
      Merge.LEAST,
      MOUNT,
      ROLE),
  STATIC_ROLE_LAST_ROTATION_TIMESTAMP_SECONDS(
      GAUGE,
      SECONDS,
      "When a static role was last rotated, in Unix time.",
      Merge.LEAST,
      MOUNT,
      ROLE),
  STATIC_ROLE_IN_TROUBLE(
      GAUGE, NUMBER, "1 where a static role is failing or overdue, else 0.", MOUNT, ROLE),
  DESTINATIONS_BEHIND(
      GAUGE,
      NUMBER,
      "Entries of destinations that do not hold their static role's present client.",
      MOUNT),

  ALARMS(
      GAUGE,
      NUMBER,
      "How many causes of each alarm stand; each kind is there, with 0, while the session works.",
      MOUNT,
      ALARM,
      SEVERITY),
  ALERTS_WAITING(GAUGE, NUMBER, "Causes of which receivers of alarms do not know all yet.", MOUNT),
  ALERTS_OLDEST_WAITING_SECONDS(
      GAUGE, SECONDS, "For how long the first of those has waited; 0 for none.", Merge.MOST, MOUNT),

  STORAGE_OPERATION_DURATION(
      TIMER,
      SECONDS,
      "How long operations on Vault's storage took, of requests and sessions.",
      OPERATION,
      RESULT),
  GRPC_CALLS_REFUSED(
      COUNTER,
      NUMBER,
      "Calls of the plugin, requests and sessions, that were refused before they were looked into, and why.",
      REASON),
  GRPC_STREAMS(GAUGE, NUMBER, "Calls of the plugin that are open.", METHOD),
  BUILD(GAUGE, NUMBER, "1; its labels say what runs.", Label.VERSION, Label.JAVA);

  private static final String PREFIX = "genesys_vault_";
  private static final int MOST_SERIES = 3_000;
  private static final int MOST_HISTOGRAMS = 200;

  private final Kind kind;
  private final Unit unit;
  private final String help;
  private final Merge merge;
  private final boolean namesRoles;

  @SuppressWarnings("ImmutableEnumChecker") // Nobody can change what List.of gives.
  private final List<Label> labels;

  Metric(Kind kind, Unit unit, String help, Label... labels) {
    this(kind, unit, help, Merge.SUM, labels);
  }

  Metric(Kind kind, Unit unit, String help, Merge merge, Label... labels) {
    this.kind = kind;
    this.unit = unit;
    this.help = help;
    this.merge = merge;
    this.labels = List.of(labels);
    this.namesRoles = this.labels.contains(ROLE);
  }

  /** What is measured, and how. */
  public enum Kind {
    /** Only grows, and begins at 0 when the process does, or the mount is there again. */
    COUNTER,
    /** A histogram of durations. */
    TIMER,
    /** How often and how much. */
    SUMMARY,
    /** What is so when it is asked for. */
    GAUGE
  }

  /** What a value counts. */
  public enum Unit {
    NUMBER,
    SECONDS;

    /** Returns its name. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns its whole name, as Prometheus shows it. */
  public String fullName() {
    var own = PREFIX + name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case COUNTER -> own + "_total";
      case TIMER -> own + "_seconds";
      case SUMMARY -> own;
      case GAUGE -> this == BUILD ? own + "_info" : own;
    };
  }

  public Kind kind() {
    return kind;
  }

  public Unit unit() {
    return unit;
  }

  /** Returns what it is for, for people. */
  public String help() {
    return help;
  }

  /** Returns what becomes of values that end up with the same labels. */
  public Merge merge() {
    return merge;
  }

  /** Returns its labels, in the order in which their values are given. */
  public List<Label> labels() {
    return labels;
  }

  /** Returns how many series of it are told apart at a time; a histogram's have 16 lines each. */
  public int mostSeries() {
    return kind == Kind.TIMER ? MOST_HISTOGRAMS : MOST_SERIES;
  }

  /** Whether it names roles, so that it is reported where that is allowed alone. */
  public boolean namesRoles() {
    return namesRoles;
  }
}
