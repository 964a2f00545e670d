package dev.genesysvault.simulator;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A knob of the simulator: what Genesys has not published, or what a test wants otherwise. The
 * first value is the default; {@link #NUMBER} stands for any whole number.
 */
public enum Knob {
  /** Which organisation this is; the other one has another id, and the same clients. */
  ORGANIZATION("first", "other"),
  /** Status of a successful create. */
  CREATE_STATUS("200", "201"),
  /** Status of a successful delete. */
  DELETE_STATUS("204", "200", "202"),
  /** Tokens of a client whose secret was regenerated. */
  TOKENS_AFTER_REGENERATE("live", "revoked"),
  /** Tokens of a client that became inactive. */
  TOKENS_AFTER_INACTIVE("live", "revoked"),
  /** Tokens of a client that was deleted. */
  TOKENS_AFTER_DELETE("revoked", "live"),
  /** Answer to granting what the caller does not hold. */
  UNHELD_ROLE("403 not.authorized", "400 bad.request", "403 missing.permissions"),
  /** Answer to an unknown role or division. */
  UNKNOWN_ROLE("400 bad.request", "404 not.found"),
  /** For how long a new client answers 404. */
  VISIBILITY_DELAY_SECONDS("0", "a whole number"),
  /** For how long the list leaves a new client out. */
  LIST_LAG_SECONDS("0", "a whole number"),
  /** For how long the list shows a deleted client as it was before. */
  LIST_KEEPS_DELETED_SECONDS("0", "a whole number"),
  /** For how long a deleted client is shown with the state deleted. */
  DELETED_VISIBLE_SECONDS("0", "a whole number"),
  /** Answer to deleting an old client that is not long inactive. */
  DELETE_OLD_CLIENT("ok", "400", "409"),
  /** How long after its creation the token's own client says that it is deleted; 0 for never. */
  OWN_CLIENT_DELETED_AFTER_SECONDS("0", "a whole number"),
  /** From which age a client is old: 30 days. */
  OLD_CLIENT_SECONDS("2592000", "a whole number"),
  /** For how long an old client must be inactive before it may be deleted: 7 days. */
  INACTIVE_BEFORE_DELETION_SECONDS("604800", "a whole number"),
  /** Code for a token validity out of range. */
  TOKEN_VALIDITY_CODE("invalid.value", "constraint.validation"),
  /** For how long a regenerated secret does not log in yet. */
  REGENERATED_SECRET_DELAY_SECONDS("0", "a whole number"),
  /** Whether a new client needs the member ipAllowlist. */
  IP_ALLOWLIST("off", "required"),
  /** How many clients a page of their list has; 0 for all on one page, as Genesys does today. */
  LIST_PAGE_SIZE("0", "a whole number"),
  /** Whether each page of that list shows other clients, or the first ones again. */
  LIST_PAGES("differ", "same"),
  /** Where a page of that list says that the next one is: its path, its address, or elsewhere. */
  LIST_NEXT_URI("path", "address", "elsewhere", "none"),
  /** Whether the list of divisions shows all, or those that the caller has grants in. */
  DIVISIONS_LISTED("all", "granted"),
  /** For how long the authorization service does not know of grants that a client was given. */
  GRANT_PROPAGATION_SECONDS("0", "a whole number"),
  /** For how long a token that was handed out before that still does not know of them. */
  EARLY_TOKEN_PINS_SECONDS("0", "a whole number"),
  /** Whether a new client of several roles and divisions silently lacks the last one. */
  DIVISION_DROPPED_ON_CREATE("no", "yes"),
  /** Whether a new client silently gets a role in the home division beside. */
  DIVISION_ADDED_ON_CREATE("no", "yes"),
  /** How roles and divisions are shown: the order, twice, in upper case, or those that are one. */
  PAIRS_SHOWN("as kept", "reversed", "twice", "upper case", "without what all divisions have"),
  /** Members that the replies which carry a secret leave out. */
  SHOWN_WITH_SECRET("all", "without roles"),
  /** What becomes of white space at the ends of a name or description that is stored. */
  WHITE_SPACE_AT_ENDS("kept", "trimmed"),
  /** What becomes of white space within a name or description that is stored. */
  WHITE_SPACE_INSIDE("kept", "collapsed"),
  /** What becomes of the case of letters in a name or description that is stored. */
  LETTER_CASE("kept", "upper", "lower"),
  /** What becomes of characters outside of Latin-1 in a name or description that is stored. */
  OUTSIDE_LATIN_1("kept", "replaced"),
  /** Whether replies carry Genesys' correlation id, or lost it on their way. */
  CORRELATION_ID("sent", "lost"),
  /** How late calls are counted. */
  USAGE_LAG_SECONDS("0", "a whole number"),
  /** How many looks a usage query takes before it is done. */
  USAGE_RUNNING_POLLS("0", "a whole number"),
  /** How a usage query ends. */
  USAGE_QUERY_STATUS("Complete", "Failed"),
  /** Whether a usage query takes its interval as it is, or the whole days that it touches. */
  USAGE_INTERVAL("exact", "days"),
  /** What the reading of one integration credential shows; its list shows modifiedDate always. */
  INTEGRATION_CREDENTIAL_SHOWN("name and type", "clientId too", "modifiedDate too"),
  /** Requests a minute for each token; Genesys allows 300. */
  RATE_LIMIT("1000000", "a whole number"),
  /** Log-ins a minute for each client. */
  LOGIN_LIMIT("1000000", "a whole number");

  static final String NUMBER = "a whole number";
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  private final String values;

  Knob(String... values) {
    this.values = String.join("|", values);
  }

  /** Returns the name that the admin path knows it by, such as {@code list_lag_seconds}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String initial() {
    int end = values.indexOf('|');
    return end < 0 ? values : values.substring(0, end);
  }

  /** Returns what it may be turned to, the default first. */
  public List<String> allowed() {
    return List.of(values.split("[|]"));
  }

  boolean allows(String value) {
    if (allowed().contains(NUMBER)) {
      return DIGITS.matcher(value).matches();
    }
    return allowed().contains(value);
  }
}
