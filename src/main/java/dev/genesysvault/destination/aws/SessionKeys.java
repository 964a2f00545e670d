package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SingleFlight;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Keys of a session with STS, in memory alone: got once for all who wait, and anew when less than a
 * third of their life is left. Amazon's own providers would wait without a deadline.
 */
final class SessionKeys implements KeySource {
  private static final String FLIGHT = "session";

  /** What a clock that is a bit wrong may cost. */
  private static final Duration RESERVE = Duration.ofMinutes(1);

  /** Longer than any that AWS gives. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Begin begin;
  private final Failures failures;
  private final Time time;
  private final Locks.Monitor monitor;
  private final SingleFlight<String, Landed> flights;
  private @Nullable Session current;

  SessionKeys(Begin begin, Failures failures, Time time, Locks locks) {
    this.begin = begin;
    this.failures = failures;
    this.time = time;
    this.monitor = locks.monitor();
    this.flights = new SingleFlight<>(locks);
  }

  /** Begins a session. */
  @FunctionalInterface
  interface Begin {
    Begun run(Deadline deadline) throws NotDoneException, InterruptedException;
  }

  /** A session that has begun. */
  record Begun(AwsCredentials keys, Instant end) {
    /** Names no keys. */
    @Override
    public String toString() {
      return "Begun[until %s]".formatted(end);
    }
  }

  private record Session(AwsCredentials keys, Deadline refresh, Deadline end) {}

  /** What came of a flight. */
  private sealed interface Landed {
    record Ok(Session session) implements Landed {}

    /**
     * None.
     *
     * @param cutShort whether for want of time, which says nothing to those who have more of it
     */
    record Failed(DestinationFailure failure, boolean cutShort) implements Landed {}
  }

  @Override
  public AwsCredentials present(Deadline deadline) throws NotDoneException, InterruptedException {
    while (true) {
      var present = held();
      if (present.isPresent() && !present.get().refresh().over()) {
        return present.get().keys();
      }
      var landed = flights.join(FLIGHT, deadline, () -> fly(deadline));
      if (landed.isEmpty()) {
        throw failures.ofLogIn("no time was left to wait for it");
      }
      switch (landed.get()) {
        case Landed.Ok(var session) -> {
          return session.keys();
        }
        case Landed.Failed(var failure, var cutShort) -> {
          if (!cutShort || deadline.over()) {
            throw new NotDoneException(failure);
          }
        }
      }
    }
  }

  private Optional<Session> held() {
    return monitor.get(() -> Optional.ofNullable(current));
  }

  private Landed fly(Deadline deadline) throws InterruptedException {
    var present = held();
    // Somebody may have got one since.
    if (present.isPresent() && !present.get().refresh().over()) {
      return new Landed.Ok(present.get());
    }
    try {
      var session = session(begin.run(deadline));
      monitor.run(() -> current = session);
      return new Landed.Ok(session);
    } catch (NotDoneException e) {
      return present
          .filter(session -> !session.end().over())
          .<Landed>map(Landed.Ok::new)
          .orElseGet(() -> new Landed.Failed(e.failure(), deadline.over()));
    }
  }

  private Session session(Begun begun) {
    var life = bounded(Duration.between(time.now(), begun.end()));
    var end = Deadline.in(life.minus(RESERVE), time);
    return new Session(begun.keys(), Deadline.in(life.multipliedBy(2).dividedBy(3), time), end);
  }

  private static Duration bounded(Duration life) {
    if (life.isNegative()) {
      return Duration.ZERO;
    }
    return life.compareTo(LONGEST) > 0 ? LONGEST : life;
  }

  @Override
  public void refused(AwsCredentials keys) {
    monitor.run(() -> {
      if (current != null && current.keys().equals(keys)) {
        current = null;
      }
    });
  }
}
