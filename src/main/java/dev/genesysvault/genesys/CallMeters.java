package dev.genesysvault.genesys;

import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Time;
import java.util.Optional;

/** Reports the calls of Genesys: which, what came of them, and how long they took and waited. */
record CallMeters(Time time, Meters meters) {
  private static final String NO_REPLY = "none";

  /**
   * Takes note of a call that was made.
   *
   * @param template of the call, without ids
   * @param begun when it was, by {@link Time#nanos}
   */
  void called(String template, Lane lane, Optional<Transport.Reply> reply, long begun) {
    var status = reply.map(it -> status(it.status())).orElse(NO_REPLY);
    meters.count(Metric.GENESYS_CALLS, template, status, lane.word());
    meters.took(Metric.GENESYS_CALL_DURATION, time.nanos() - begun, template);
  }

  /** Takes note of a call that had to wait for its place, or found it at once. */
  void waited(Lane lane, long begun) {
    meters.took(Metric.GENESYS_WAIT_DURATION, time.nanos() - begun, lane.word());
  }

  /** Takes note of a call that found no place in time. */
  void turnedAway(Lane lane) {
    meters.count(Metric.GENESYS_TURNED_AWAY, lane.word());
  }

  /** Takes note of a call that is made once more with another token. */
  void withAnotherToken() {
    meters.count(Metric.GENESYS_RETRIES, "token");
  }

  /** Returns a status in one of a few words: alone stands what means something of its own. */
  private static String status(int status) {
    return switch (status) {
      case 400 -> "400";
      case 401 -> "401";
      case 403 -> "403";
      case 404 -> "404";
      case 409 -> "409";
      case 429 -> "429";
      default ->
          switch (status / 100) {
            case 2 -> "2xx";
            case 3 -> "3xx";
            case 4 -> "4xx";
            default -> "5xx";
          };
    };
  }
}
