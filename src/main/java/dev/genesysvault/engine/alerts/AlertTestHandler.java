package dev.genesysvault.engine.alerts;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver.Answer;
import dev.genesysvault.alert.ReceiverKinds;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.Map;

/** {@code alerts/<receiver>/test}: tells a receiver that nothing is wrong, and shows its answer. */
public final class AlertTestHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ID_BYTES = 16;

  private final ReceiverKinds kinds;
  private final Randomness randomness;
  private final Time time;

  public AlertTestHandler(ReceiverKinds kinds, Randomness randomness, Time time) {
    this.kinds = kinds;
    this.randomness = randomness;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> test(request);
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply test(Request request) throws InterruptedException {
    var name = request.capture("receiver");
    var config =
        request
            .storage()
            .alertReceivers()
            .entry(name)
            .get()
            .orElseThrow(() ->
                RefusedException.badInput(
                    "there is no receiver \"%s\": write %salerts/%s first"
                        .formatted(name, request.mount().path(), name)));
    var kind =
        kinds
            .of(config.kind())
            .orElseThrow(() ->
                RefusedException.badInput(
                    "receiver %s is of the kind %s, which this sidecar does not know: upgrade it"
                        .formatted(name, config.kind())));
    try {
      var deadline = request.deadline().minus(RESERVE).atMost(PATIENCE);
      return Reply.of(shown(kind.open(config.settings()).tell(message(request), deadline)));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput(String.valueOf(e.getMessage()));
    }
  }

  private AlertMessage message(Request request) {
    var id = "test-" + randomness.hex(ID_BYTES);
    var mount = request.mount();
    return new AlertMessage(
        id,
        id,
        AlertMessage.Action.TEST,
        mount.uuid(),
        mount.path(),
        new Alarm(
            AlarmKind.ROTATION_OVERDUE, "example", time.now(), "somebody wrote alerts/NAME/test"),
        null,
        1);
  }

  private static Map<String, Object> shown(Answer answer) {
    return switch (answer) {
      case Answer.Confirmed(var said) -> Map.of("delivered", true, "answer", said);
      case Answer.Refused(var why) -> Map.of("delivered", false, "answer", why);
      case Answer.Away(var why, _) -> Map.of("delivered", false, "answer", why);
    };
  }
}
