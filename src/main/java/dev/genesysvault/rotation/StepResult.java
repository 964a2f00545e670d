package dev.genesysvault.rotation;

import dev.genesysvault.domain.Trouble;
import java.time.Duration;
import java.time.Instant;

/** When a static role is looked at again, after a step. */
sealed interface StepResult {
  /** At that time; what failed before has been mended. */
  record At(Instant due) implements StepResult {}

  /** At that time; whether what failed before has been mended has yet to show. */
  record On(Instant due) implements StepResult {}

  /** At that time; it has asked nobody but destinations, which says nothing of anything else. */
  record Aside(Instant due) implements StepResult {}

  /**
   * After a wait that grows with each failure.
   *
   * @param trouble one sentence for the operator, with what to do
   * @param least the least wait
   */
  record Failed(Trouble trouble, Duration least) implements StepResult {
    Failed(String error, Duration least) {
      this(Trouble.of(error), least);
    }
  }

  /**
   * At its next slot, since this one was missed.
   *
   * @param error one sentence for the operator
   */
  record Missed(String error, Instant due) implements StepResult {}

  /** When the mount may ask Genesys again. */
  record Paused(String why) implements StepResult {}

  /** Not before somebody writes to it. */
  record Idle() implements StepResult {}

  /** Never: there is no such role any more. */
  record Gone() implements StepResult {}

  /** As soon as possible. */
  static StepResult soon() {
    return new At(Instant.MIN);
  }
}
