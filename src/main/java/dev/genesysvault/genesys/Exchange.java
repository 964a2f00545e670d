package dev.genesysvault.genesys;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What truly happened on the network in one call, whatever the SDK made of it. Belongs to one task.
 */
final class Exchange {
  private final Duration timeout;
  private Transport.@Nullable Reply reply;
  private Transport.@Nullable FailedException failure;
  private boolean interrupted;

  Exchange(Duration timeout) {
    this.timeout = timeout;
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
