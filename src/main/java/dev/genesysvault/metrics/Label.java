package dev.genesysvault.metrics;

/**
 * A label of a {@link Metric}. Whatever values callers bring about, no more than {@link #most} of
 * them are told apart; the rest are {@link #OTHER}.
 */
public enum Label {
  MOUNT(
      "mount",
      100,
      "the mount's path in Vault, such as `genesys/`; `unknown` where Vault has not told it"),
  ROLE(
      "role",
      200,
      "of each mount: the role's or the static role's name; only with `--metrics-role-label`"),
  PATH(
      "path",
      60,
      "the path's id in the descriptor, such as `creds/name`; `lease` for renew and revoke, `rollback`, `unknown`"),
  OPERATION("operation", 30, "what was asked for, such as `read`, or of storage `get_many`"),
  RESULT("result", 30, "what came of it: `ok`, or why not, see below"),
  CALL("call", 60, "method and path of a call of Genesys, without ids"),
  STATUS(
      "status",
      20,
      "HTTP status: `2xx`, `3xx`, `400`, `401`, `403`, `404`, `409`, `429`, other `4xx`, `5xx`; `none` where there was no reply; a log-in that Genesys limits is a `429`, although it says 400"),
  LANE(
      "lane",
      10,
      "which part of the request budget: `emergency`, `deactivate`, `issue`, `rotate`, `delete`, `look`"),
  REASON(
      "reason",
      10,
      "of a retry: `token`, Genesys did not take the token any more, or `unavailable`, there was no useful answer; of a call that was refused: `handshake`, plugin and sidecar do not fit together, `memory`, those under way hold as much as the heap allows, `fields`, the caller sent more than the limits, `contract`, it cannot be understood, or `bug`"),
  STATE("state", 20, "where a client, or a thread, stands in its life"),
  STEP("step", 10, "what is done with a client next: `deactivate`, `delete`, `search`, …"),
  PHASE(
      "phase",
      10,
      "of a static role's rotation: `idle`, `creating`, `created`, `grace`, `deleting`"),
  ALARM("alarm", 40, "what stands, by its name in the list of alarms"),
  SEVERITY("severity", 5, "how bad that is: `critical`, `error`, `warning` or `info`"),
  METHOD("method", 10, "of the contract between plugin and sidecar: `Serve`, `Attend`, …"),
  VERSION("version", 5, "the sidecar's version"),
  JAVA("java", 5, "the version of Java"),
  AREA("area", 5, "`heap` or `nonheap`"),
  ID("id", 30, "a pool of memory, as the JVM calls it"),
  GC("gc", 10, "a garbage collector, as the JVM calls it"),
  ACTION("action", 10, "what was collected, as the JVM calls it"),
  CAUSE("cause", 40, "why, as the JVM calls it");

  /** Stands for every value for which there is no place. */
  public static final String OTHER = "other";

  private final String word;
  private final int most;
  private final String help;

  Label(String word, int most, String help) {
    this.word = word;
    this.most = most;
    this.help = help;
  }

  /** Returns its name. */
  public String word() {
    return word;
  }

  /** Returns how many values are told apart at a time. */
  public int most() {
    return most;
  }

  /** Returns what its values say, for people. */
  public String help() {
    return help;
  }
}
