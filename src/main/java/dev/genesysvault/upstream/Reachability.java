package dev.genesysvault.upstream;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether Genesys is there for one client of it, as the calls that are made anyway show: nobody
 * asks for this. Genesys is away where no useful answer comes, and where it does not take the
 * client for who it is; whoever says no to what is asked, or that it is too much, is there.
 */
public final class Reachability {
  /** The longest sentence that is kept of a failure, in UTF-16 units. */
  public static final int MOST_REASON = 500;

  private final Time time;
  private final Locks.Monitor monitor;
  private @Nullable Instant lastSuccess;
  private @Nullable Outage outage;

  /** Makes one of which nothing is known yet. */
  public Reachability(Time time, Locks locks) {
    this.time = time;
    this.monitor = locks.monitor();
  }

  /** The first failure since the last answer, by both clocks, and the last one. */
  private record Outage(
      Instant since, long begun, int failures, Instant last, UpstreamFailure failure) {}

  /**
   * What is known now.
   *
   * @param lastSuccess when a call last did what it was asked for; empty for never
   * @param away since when Genesys is away; empty where it answered last, or was never asked
   */
  public record Reading(Optional<Instant> lastSuccess, Optional<Away> away) {
    /** Nothing is known. */
    public static final Reading UNKNOWN = new Reading(Optional.empty(), Optional.empty());
  }

  /**
   * Genesys is away.
   *
   * @param since when the first call failed after which none was answered
   * @param lasting how long ago that is, whatever became of the wall clock
   * @param failures how many calls have failed since, at least 1
   * @param last when the last of them did
   * @param reason what the last of them met, as one sentence without a full stop and without
   *     secrets; at most {@link #MOST_REASON}
   * @param correlationId Genesys' id for the last of them, or {@link
   *     UpstreamFailure#NO_CORRELATION_ID}
   * @param logInRefused whether Genesys answers, and refuses the client
   */
  public record Away(
      Instant since,
      Duration lasting,
      int failures,
      Instant last,
      String reason,
      String correlationId,
      boolean logInRefused) {}

  /** Takes note of what came of a call that was made, or of a log-in that kept one from it. */
  public void note(Outcome<?> outcome) {
    switch (outcome) {
      case Ok<?> _ -> succeeded();
      case Failed<?>(Refused refused) when refused.ofCaller() -> failed(refused);
      case Failed<?>(Refused _), Failed<?>(Limited _), Failed<?>(Unproven _) -> answered();
      case Failed<?>(Unavailable unavailable) -> failed(unavailable);
      case Failed<?>(Unknown unknown) -> failed(unknown);
    }
  }

  private void succeeded() {
    monitor.run(() -> {
      lastSuccess = time.now();
      outage = null;
    });
  }

  /** Takes note of a call that was answered, whatever the answer is worth. */
  public void answered() {
    monitor.run(() -> outage = null);
  }

  private void failed(UpstreamFailure failure) {
    monitor.run(() -> {
      var now = time.now();
      outage =
          outage == null
              ? new Outage(now, time.nanos(), 1, now, failure)
              : new Outage(
                  outage.since,
                  outage.begun,
                  Math.max(outage.failures, outage.failures + 1),
                  now,
                  failure);
    });
  }

  /** Returns what is known now. */
  public Reading reading() {
    return monitor.get(() ->
        new Reading(Optional.ofNullable(lastSuccess), Optional.ofNullable(outage).map(this::away)));
  }

  private Away away(Outage seen) {
    return new Away(
        seen.since,
        Duration.ofNanos(time.nanos() - seen.begun),
        seen.failures,
        seen.last,
        Texts.printable(seen.failure.explanation(), MOST_REASON),
        seen.failure.correlationId(),
        seen.failure instanceof Refused);
  }
}
