package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.upstream.Events;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What operators are told of rotations without being asked: a line of the log, and an event. */
final class RotationReports {
  private static final Logger LOG = LoggerFactory.getLogger(RotationReports.class);

  private final String mountUuid;
  private final Events events;

  RotationReports(String mountUuid, Events events) {
    this.mountUuid = mountUuid;
    this.events = events;
  }

  /** Returns where events go. */
  Events events() {
    return events;
  }

  /** Readers get another client since. */
  void rotated(String role, String reason, @Nullable ClientId from, ClientId to)
      throws InterruptedException {
    report(
        Level.INFO,
        "a static credential was rotated",
        role,
        "rotated",
        Map.of(
            "reason",
            reason,
            "client_id",
            to.value(),
            "previous_client_id",
            from == null ? "" : from.value()));
  }

  /** A former client is gone. */
  void decommissioned(String role, ClientId id) throws InterruptedException {
    report(
        Level.INFO,
        "the former client of a static credential is gone",
        role,
        "decommissioned",
        Map.of("client_id", id.value()));
  }

  /** A client that was let go may still carry the mark of this mount. */
  void stillMarked(String role, ClientId id, String why) throws InterruptedException {
    report(
        Level.WARN,
        "a client was let go and still carries the mark of this mount",
        role,
        "still-marked",
        Map.of(
            "client_id",
            id.value(),
            "detail",
            "%s. Take \"%s\" to \"%s\" off its description in Genesys, and the mark off its name, or have whoever imports it next write take_over=true"
                .formatted(why, "Rotated by Vault", "Do not edit.")));
  }

  /** What readers hold was seen dead. */
  void clientError(String role, ClientId id, String error) throws InterruptedException {
    report(
        Level.WARN,
        "a client that readers of a static credential hold does not log in",
        role,
        "client-error",
        Map.of("client_id", id.value(), "error", error));
  }

  /** A former client may still be used although its grace is over. */
  void inUse(String role, ClientId id, String detail) throws InterruptedException {
    report(
        Level.WARN,
        "the former client of a static credential may still be used",
        role,
        "in-use",
        Map.of("client_id", id.value(), "detail", detail));
  }

  /** A destination does not take a credential, in another way than before. */
  void undelivered(String role, Delivery delivery, Trouble error) throws InterruptedException {
    var place = Deliveries.place(delivery);
    report(
        Level.WARN,
        "a credential does not get to a destination; it is tried again",
        role,
        "destination-failed",
        Map.of("destination", place, "error", error.text()),
        Optional.of(LogCause.at(mountUuid, delivery.destination()).met(error.fields())));
  }

  /** Somebody else has overwritten or deleted what was sent. */
  void drifted(String role, Delivery delivery, String what, boolean repaired)
      throws InterruptedException {
    report(
        Level.WARN,
        repaired
            ? "a destination held something else than was sent; it is sent again"
            : "a destination holds something else than was sent",
        role,
        "destination-drifted",
        Map.of("destination", Deliveries.place(delivery), "detail", what));
  }

  /** What was sent stays where it is, though it was to go. */
  void leftBehind(String role, Delivery delivery, String why) throws InterruptedException {
    report(
        Level.WARN,
        "a destination may still hold a credential that was to be taken away; delete it by hand",
        role,
        "destination-left",
        Map.of("destination", Deliveries.place(delivery), "detail", why));
  }

  /** A destination may still hold the credential of a client that leaked and is ended. */
  void leaked(String role, ClientId from, String place) throws InterruptedException {
    report(
        Level.WARN,
        "a destination may still hold a credential that leaked; it is sent the new one",
        role,
        "destination-behind",
        Map.of("destination", place, "client_id", from.value()));
  }

  /** A step failed, in another way than before. */
  void failed(String role, Trouble error) throws InterruptedException {
    report(
        Level.WARN,
        "a rotation does not go on; the present credential stays as it is",
        role,
        "failed",
        Map.of("error", error.text()),
        Optional.of(LogCause.at(mountUuid, "failed").met(error.fields())));
  }

  /** A rotation has not reached its end by the time that it should have. */
  void overdue(String role, String what) throws InterruptedException {
    report(
        Level.ERROR,
        "a rotation is overdue",
        role,
        "overdue",
        Map.of("error", what),
        Optional.of(LogCause.at(mountUuid, "overdue")));
  }

  private void report(
      Level level, String message, String role, String event, Map<String, String> facts)
      throws InterruptedException {
    report(level, message, role, event, facts, Optional.empty());
  }

  /** Events are sent of each; of lines with the same cause, one a minute is written. */
  private void report(
      Level level,
      String message,
      String role,
      String event,
      Map<String, String> facts,
      Optional<LogCause> cause)
      throws InterruptedException {
    var line =
        LOG.atLevel(level).addKeyValue("mount", mountUuid).addKeyValue(LogCause.SUBJECT, role);
    if (cause.isPresent()) {
      line = line.addKeyValue(LogCause.KEY, cause.get());
    }
    for (var fact : new TreeMap<>(facts).entrySet()) {
      line = line.addKeyValue(fact.getKey(), fact.getValue());
    }
    line.log(message);
    var metadata = new HashMap<>(facts);
    metadata.put("name", role);
    metadata.put("path", "static-roles/" + role);
    metadata.put("data_path", "static-creds/" + role);
    metadata.put("operation", "static-role-" + event);
    metadata.put("modified", Boolean.toString(event.equals("rotated")));
    events.send("genesys/static-role-" + event, metadata);
  }

  /** What cannot be read stays as it is. */
  void unreadable(String role, String why) {
    LOG.atError()
        .addKeyValue("mount", mountUuid)
        .addKeyValue(LogCause.SUBJECT, role)
        .addKeyValue("reason", why)
        .log("a static credential cannot be read, so nobody rotates it");
  }
}
