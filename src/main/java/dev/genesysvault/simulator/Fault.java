package dev.genesysvault.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A fault of the simulator: what goes wrong with the next requests of one kind.
 *
 * @param method exact, or {@code *}
 * @param path a template such as {@code /api/v2/oauth/clients/{clientId}}, an exact path, or {@code
 *     *}
 * @param error answered instead of acting
 * @param retryAfter header of an answered error, as it is to be sent
 * @param kind what becomes of the request or its reply
 * @param delay before the reply
 */
record Fault(
    String method,
    String path,
    Optional<SimulatedError> error,
    Optional<String> retryAfter,
    Kind kind,
    Duration delay) {
  private static final Set<String> MEMBERS =
      Set.of(
          "method",
          "path",
          "count",
          "status",
          "code",
          "message",
          "retry_after",
          "delay_ms",
          "reply_lost",
          "connection_cut",
          "hold",
          "garbage",
          "gateway");

  /** What becomes of a request or its reply. */
  enum Kind {
    /** Nothing further. */
    PLAIN,
    /** It acts; the connection ends without a reply. */
    REPLY_LOST,
    /** It does not act; the connection ends without a reply. */
    CONNECTION_CUT,
    /** It acts once it is released. */
    HELD_BEFORE,
    /** It acts; the reply leaves once it is released. */
    HELD_AFTER,
    /** It acts; the reply's body makes no sense. */
    GARBAGE,
    /** It does not act; somebody before Genesys answers, with an empty body. */
    GATEWAY
  }

  /** Reads a fault; fails where it makes no sense. */
  static Fault of(Map<String, Object> wanted) {
    for (var member : new TreeSet<>(wanted.keySet())) {
      if (!MEMBERS.contains(member)) {
        throw SimulatedError.badRequest(
            "there is no member \"%s\"; known are %s".formatted(member, new TreeSet<>(MEMBERS)));
      }
    }
    var status = number(wanted, "status");
    int shown = status.orElse(200);
    if (shown < 200 || shown > 599) {
      throw SimulatedError.badRequest("status is %d; must be 200 to 599".formatted(shown));
    }
    return new Fault(
        text(wanted, "method").orElse("*"),
        text(wanted, "path").orElse("*"),
        status.map(s -> error(s, wanted)),
        text(wanted, "retry_after"),
        kind(wanted),
        Duration.ofMillis(number(wanted, "delay_ms").orElse(0)));
  }

  /** Returns for how many requests a fault is wanted. */
  static int count(Map<String, Object> wanted) {
    int count = number(wanted, "count").orElse(1);
    if (count < 1) {
      throw SimulatedError.badRequest("count is %d; must be at least 1".formatted(count));
    }
    return count;
  }

  boolean matches(SimulatedRequest request, String template) {
    return (method.equals("*") || method.equals(request.method()))
        && (path.equals("*") || path.equals(template) || path.equals(request.path()));
  }

  private static SimulatedError error(int status, Map<String, Object> wanted) {
    return SimulatedError.of(
        status,
        text(wanted, "code")
            .orElse(status == 429 ? "too.many.requests.retry.after" : "told.to.fail"),
        text(wanted, "message").orElse("The simulator was told to answer so."));
  }

  private static Kind kind(Map<String, Object> wanted) {
    if (flag(wanted, "connection_cut")) {
      return Kind.CONNECTION_CUT;
    }
    if (flag(wanted, "reply_lost")) {
      return Kind.REPLY_LOST;
    }
    if (flag(wanted, "gateway")) {
      return Kind.GATEWAY;
    }
    if (flag(wanted, "garbage")) {
      return Kind.GARBAGE;
    }
    var hold = text(wanted, "hold").orElse("");
    return switch (hold) {
      case "" -> Kind.PLAIN;
      case "before" -> Kind.HELD_BEFORE;
      case "after" -> Kind.HELD_AFTER;
      default ->
          throw SimulatedError.badRequest(
              "hold is \"%s\"; must be before or after".formatted(hold));
    };
  }

  private static Optional<String> text(Map<String, Object> wanted, String member) {
    return Optional.ofNullable(wanted.get(member)).map(String::valueOf);
  }

  private static boolean flag(Map<String, Object> wanted, String member) {
    return Boolean.TRUE.equals(wanted.get(member));
  }

  private static Optional<Integer> number(Map<String, Object> wanted, String member) {
    var value = wanted.get(member);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Integer number && number >= 0) {
      return Optional.of(number);
    }
    throw SimulatedError.badRequest("%s is %s; must be a whole number".formatted(member, value));
  }
}
