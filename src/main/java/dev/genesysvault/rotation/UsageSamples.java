package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.ClientUsage;
import dev.genesysvault.upstream.ClientUsage.Count;
import dev.genesysvault.upstream.ClientUsage.Query;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * In the grace of a rotation: whether a static role's former client still calls. Compares what
 * Genesys counts since the switch at two times: whether it counts whole days, and how late it
 * counts, is not published, but a number that grows shows calls in any case. Lives in memory; a new
 * session begins anew.
 */
final class UsageSamples {
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
  private static final int MOST_LOOKS = 12;

  final ClientId id;
  private final Instant since;
  private final Duration apart;
  private @Nullable Query query;
  private int looks;
  private long counted = -1;
  private @Nullable Deadline nextSample;

  /**
   * Makes it; nothing is asked yet.
   *
   * @param since when readers began to get another client
   * @param apart how long after a sample the next one is taken
   */
  UsageSamples(ClientId id, Instant since, Duration apart) {
    this.id = id;
    this.since = since;
    this.apart = apart;
  }

  /** What is known now. */
  sealed interface Finding {
    /** Nothing new before that wait is over. */
    record Later(Duration after) implements Finding {}

    /** No call between the last two samples. */
    record Quiet(String detail) implements Finding {}

    /** There is no such client any more, as far as its calls go. */
    record Gone(String detail) implements Finding {}

    /** Calls between the last two samples. */
    record Calling(String detail) implements Finding {}

    /** Genesys does not say. */
    record Unknown(Trouble why) implements Finding {}
  }

  /** Looks how far Genesys is; two calls at most. */
  Finding look(ClientUsage usage, CallContext context, Time time) throws InterruptedException {
    if (nextSample != null && !nextSample.over()) {
      return new Finding.Later(nextSample.left());
    }
    var asked = query;
    if (asked == null) {
      switch (usage.query(id, since, time.now(), context)) {
        case Failed<Query>(Refused refused) when refused.notFound() -> {
          return new Finding.Gone("Genesys has no client %s any more".formatted(id));
        }
        case Failed<Query>(var failure) -> {
          return new Finding.Unknown(failure.trouble());
        }
        case Ok<Query>(var begun) -> {
          asked = begun;
          query = begun;
          looks = 0;
        }
      }
    }
    return switch (usage.count(asked, context)) {
      case Failed<Count>(var failure) -> again(failure.trouble());
      case Ok<Count>(Count.Failed _) ->
          again(Trouble.of("Genesys failed to count the calls of client " + id));
      case Ok<Count>(Count.Running _) -> running();
      case Ok<Count>(Count.Complete(long requests)) -> counted(requests, time);
    };
  }

  private Finding again(Trouble why) {
    query = null;
    return new Finding.Unknown(why);
  }

  private Finding running() {
    looks++;
    if (looks > MOST_LOOKS) {
      return again(Trouble.of("Genesys does not finish to count the calls of client " + id));
    }
    var wait = FIRST_LOOK.multipliedBy(1L << Math.min(looks - 1, 5));
    return new Finding.Later(wait.compareTo(LONGEST_LOOK) < 0 ? wait : LONGEST_LOOK);
  }

  private Finding counted(long requests, Time time) {
    query = null;
    long before = counted;
    counted = requests;
    nextSample = Deadline.in(apart, time);
    if (before < 0) {
      return new Finding.Later(apart);
    }
    return requests > before
        ? new Finding.Calling(
            "client %s made %d more calls in %d seconds"
                .formatted(id, requests - before, apart.toSeconds()))
        : new Finding.Quiet(
            "client %s made no call in %d seconds".formatted(id, apart.toSeconds()));
  }
}
