package dev.genesysvault.engine.destinations;

import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Randomness;
import java.time.Duration;
import java.util.Map;

/** {@code destinations/<destination>/check}: tries log-in and permissions, and changes nothing. */
public final class DestinationCheckHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(2);

  /** How long it waits for a destination that is silent. */
  public static final Duration PATIENCE = Duration.ofSeconds(45);

  private final Connections connections;
  private static final int ID_BYTES = 16;

  private final MountStaticRoles staticRoles;
  private final Randomness randomness;

  public DestinationCheckHandler(
      Connections connections, MountStaticRoles staticRoles, Randomness randomness) {
    this.connections = connections;
    this.staticRoles = staticRoles;
    this.randomness = randomness;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> check(request);
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply check(Request request) throws InterruptedException {
    var name = request.capture("destination");
    var entry =
        request
            .fields()
            .text("name")
            .orElseThrow(() ->
                RefusedException.badInput(
                    "name is missing: say for which entry of the destination to check"));
    var config =
        request
            .storage()
            .destinations()
            .entry(name)
            .get()
            .orElseThrow(() ->
                RefusedException.badInput(
                    "there is no destination \"%s\": write %sdestinations/%s first"
                        .formatted(name, request.mount().path(), name)));
    boolean writes = request.fields().flagOrDefault("write");
    var destinations = staticRoles.of(request).destinations();
    try {
      var opened = destinations.open(name, config);
      destinations.kind(config.kind()).ifPresent(kind -> checkWith(kind, entry, writes));
      var errand =
          connections.errand(
              Errand.id(randomness.hex(ID_BYTES)),
              request,
              request.deadline().minus(RESERVE).atMost(PATIENCE));
      var findings = opened.destination().check(entry, writes, errand);
      return Reply.of(
          Map.of(
              "ok",
              findings.stream().allMatch(Finding::passed),
              "checks",
              findings.stream().map(DestinationCheckHandler::shown).toList()));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput(String.valueOf(e.getMessage()));
    }
  }

  private static void checkWith(DestinationKind kind, String entry, boolean writes) {
    kind.checkEntry(entry);
    if (writes && !kind.writesToCheck()) {
      throw RefusedException.badInput(
          "write is true; must be false for the kind %s, which shows without a write whether it would take one, or cannot take one unseen"
              .formatted(kind.name()));
    }
  }

  private static Map<String, Object> shown(Finding finding) {
    return Map.of("name", finding.name(), "passed", finding.passed(), "detail", finding.detail());
  }
}
