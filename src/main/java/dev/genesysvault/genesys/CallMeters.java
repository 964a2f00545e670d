package dev.genesysvault.genesys;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.Reachability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reports the calls of Genesys that one client makes: which, what came of them, how long they took
 * and waited, and whether Genesys is there.
 */
record CallMeters(Time time, Meters meters, Reachability reachability) {
  private static final int CONFLICT = 409;
  private static final String NO_REPLY = "none";
  private static final String RETRIED_WITH_TOKEN = "token";
  private static final List<String> STATUSES =
      List.of("2xx", "3xx", "400", "401", "403", "404", "409", "429", "4xx", "5xx", NO_REPLY);

  /** The calls that make and end clients, by the lanes in which they are made. */
  private static final Map<String, List<Lane>> USUAL =
      Map.of(
          LogIn.TEMPLATE,
          List.of(Lane.ISSUE, Lane.LOOK),
          "POST " + ApiCall.CLIENTS,
          List.of(Lane.ISSUE, Lane.ROTATE),
          "PUT " + ApiCall.CLIENT,
          List.of(Lane.DEACTIVATE, Lane.EMERGENCY),
          "DELETE " + ApiCall.CLIENT,
          List.of(Lane.DELETE));

  /** Says which counters there are whatever happens. */
  static void begun(Gauges.Readings readings) {
    USUAL.forEach((call, lanes) ->
        lanes.forEach(lane ->
            STATUSES.forEach(
                status -> readings.begun(Metric.GENESYS_CALLS, call, status, lane.word()))));
    for (var lane : Lane.values()) {
      readings.begun(Metric.GENESYS_TURNED_AWAY, lane.word());
    }
    readings.begun(Metric.GENESYS_RETRIES, RETRIED_WITH_TOKEN);
  }

  /**
   * Takes note of a call that was made.
   *
   * @param template of the call, without ids
   * @param answered with this status; empty where there was no reply
   * @param begun when it was, by {@link Time#nanos}
   */
  void called(String template, Lane lane, Optional<Integer> answered, long begun) {
    var status = answered.map(CallMeters::status).orElse(NO_REPLY);
    meters.count(Metric.GENESYS_CALLS, template, status, lane.word());
    meters.took(Metric.GENESYS_CALL_DURATION, time.nanos() - begun, template);
  }

  /** Takes note of what came of a call that was made. */
  void cameTo(Outcome<?> outcome, Optional<Transport.Reply> reply) {
    LogContext.met(outcome instanceof Failed<?>(var failure) ? correlationId(failure) : "");
    // A conflict leaves open what happened, but not whether somebody is there.
    if (reply.map(Transport.Reply::status).orElse(0) == CONFLICT) {
      reachability.answered();
    } else {
      reachability.note(outcome);
    }
  }

  /** Takes note of a log-in: one that goes well says nothing of the calls that it is for. */
  void loggedIn(Outcome<?> outcome) {
    LogContext.met(outcome instanceof Failed<?>(var failure) ? correlationId(failure) : "");
    switch (outcome) {
      case Failed<?>(Refused _), Failed<?>(Unavailable _), Failed<?>(Unknown _) ->
          reachability.note(outcome);
      case Failed<?>(Limited _), Failed<?>(Unproven _), Ok<?> _ -> {}
    }
  }

  private static String correlationId(UpstreamFailure failure) {
    var id = failure.correlationId();
    return id.equals(UpstreamFailure.NO_CORRELATION_ID) ? "" : id;
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
    meters.count(Metric.GENESYS_RETRIES, RETRIED_WITH_TOKEN);
  }

  /** Returns a status in one of a few words: alone stands what means something of its own. */
  private static String status(Integer status) {
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
