package dev.genesysvault.genesys;

import dev.genesysvault.resilience.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What truly happened on the network in one call, whatever the SDK made of it. Belongs to one task.
 */
final class Exchange {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Duration timeout;
  private Transport.@Nullable Reply reply;
  private Transport.@Nullable FailedException failure;
  private boolean interrupted;

  Exchange(Deadline deadline) {
    this.timeout = timeout(deadline);
  }

  /** Returns how long an exchange may take that must be over by then; positive. */
  static Duration timeout(Deadline deadline) {
    var left = deadline.left();
    if (left.compareTo(LONGEST) > 0) {
      return LONGEST;
    }
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  Duration timeout() {
    return timeout;
  }

  void replied(Transport.Reply received) {
    reply = received;
  }

  void failed(Transport.FailedException cause) {
    failure = cause;
  }

  void interrupted() {
    interrupted = true;
  }

  void throwIfInterrupted() throws InterruptedException {
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  Optional<Transport.Reply> reply() {
    return Optional.ofNullable(reply);
  }

  Optional<Transport.FailedException> failure() {
    return Optional.ofNullable(failure);
  }
}
