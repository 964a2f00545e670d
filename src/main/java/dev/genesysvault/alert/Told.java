package dev.genesysvault.alert;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.alert.MountAlerts.ReceiverStatus;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.work.CautiousSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One receiver, and what it is to be told. */
final class Told {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Messages before the mount is looked at again. */
  private static final int IN_A_TURN = 20;

  private static final String LEFT_ALONE =
      "the sidecar ended in the midst of telling it: it is tried again later";

  private static final Logger LOG = LoggerFactory.getLogger(Told.class);

  private final Outbox outbox;
  private final Receiver receiver;
  private final CautiousSteps steps;
  private final Time time;
  private Optional<Instant> lastDelivery = Optional.empty();
  private String lastError = "";

  Told(Outbox outbox, Receiver receiver, CautiousSteps steps, Time time) {
    this.outbox = outbox;
    this.receiver = receiver;
    this.steps = steps;
    this.time = time;
  }

  Outbox outbox() {
    return outbox;
  }

  /** Writes down what is news for it; returns whether it is to be told something now. */
  boolean update(AlarmLook look) throws InterruptedException {
    return cautiously("note alarms for receiver ", () -> outbox.update(look))
        && outbox.next().isPresent();
  }

  /** Whatever the process died of is left alone for a while, and said to be. */
  private boolean cautiously(String step, StepTrail.Body body) throws InterruptedException {
    boolean done = steps.attempt(step + outbox.name(), body);
    if (!done) {
      lastError = LEFT_ALONE;
    } else if (isLeftAlone()) {
      lastError = "";
    }
    return done;
  }

  /** Whether the last attempt at it was none. */
  private boolean isLeftAlone() {
    return lastError.equals(LEFT_ALONE);
  }

  /** Takes over what was met before it was read again. */
  void goOn(Told before) {
    lastDelivery = before.lastDelivery;
    lastError = before.lastError;
    outbox.waitAs(before.outbox);
  }

  /**
   * Returns how long it takes until something is to be told, if nothing else happens.
   *
   * @param otherwise where nobody tells it anything before that
   */
  Duration untilNext(Duration otherwise) {
    return isLeftAlone() ? otherwise : outbox.untilNext();
  }

  void tell(String mountUuid, String mountPath) throws InterruptedException {
    var _ = cautiously("tell receiver ", () -> tellSome(mountUuid, mountPath));
  }

  private void tellSome(String mountUuid, String mountPath) throws InterruptedException {
    var turn = Deadline.in(PATIENCE, time);
    for (int i = 0; i < IN_A_TURN && !turn.over(); i++) {
      var next = outbox.next();
      if (next.isEmpty() || !told(next.get(), mountUuid, mountPath)) {
        return;
      }
    }
  }

  /** Returns whether there is sense in telling it more. */
  private boolean told(Outbox.Next next, String mountUuid, String mountPath)
      throws InterruptedException {
    var answer = receiver.tell(message(next, mountUuid, mountPath), Deadline.in(PATIENCE, time));
    return switch (answer) {
      case Receiver.Answer.Confirmed _ -> {
        outbox.confirmed(next);
        lastDelivery = Optional.of(time.now());
        lastError = "";
        yield true;
      }
      case Receiver.Answer.Refused(var why) -> {
        failed(mountUuid, why);
        outbox.refused(next);
        yield true;
      }
      case Receiver.Answer.Away(var why, var retryAfter) -> {
        failed(mountUuid, why);
        outbox.away(next, retryAfter);
        yield false;
      }
    };
  }

  private void failed(String mountUuid, String why) {
    if (!why.equals(lastError)) {
      about(LOG.atWarn(), mountUuid, outbox.name())
          .addKeyValue("reason", why)
          .log("a receiver does not take an alarm; it is tried again");
    }
    lastError = why;
  }

  private static AlertMessage message(Outbox.Next next, String mountUuid, String mountPath) {
    var entry = next.entry();
    var cause = "%s-%s".formatted(mountUuid, next.cause());
    var id =
        "%s-%s-%d-%s"
            .formatted(
                next.cause(),
                entry.id(),
                entry.count(),
                next.action() == AlertMessage.Action.RESOLVE ? "resolved" : "triggered");
    return new AlertMessage(
        id,
        cause,
        next.action(),
        mountUuid,
        mountPath,
        new Alarm(next.kind(), entry.subject(), entry.since(), entry.detail()),
        entry.ended(),
        entry.count());
  }

  /** Begins a line about a receiver, whose lines are one cause. */
  static LoggingEventBuilder about(LoggingEventBuilder line, String mountUuid, String receiver) {
    return line.addKeyValue(LogCause.KEY, LogCause.at("receiver", mountUuid, receiver))
        .addKeyValue("mount", mountUuid)
        .addKeyValue("receiver", receiver);
  }

  ReceiverStatus status() {
    return new ReceiverStatus(
        outbox.waiting(),
        Optional.ofNullable(outbox.oldest()),
        lastDelivery,
        Texts.cut(lastError, Alarm.MOST_DETAIL),
        outbox.nextTry());
  }
}
