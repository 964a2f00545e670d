package dev.genesysvault.simulation;

import dev.genesysvault.network.Transport;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.PlayedSecretsManager;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An AWS Secrets Manager of somebody else, which shows readers the former version, too: in its
 * grace it has to be there, and is not to be for longer.
 */
final class SecretsElsewhere {
  /** What its destination is called. */
  static final String NAME = "secrets";

  private static final String DOMAIN = ".example.com";
  private static final String PREVIOUS = "AWSPREVIOUS";

  private final PlayedSecretsManager aws;

  SecretsElsewhere(SimulatedWorld world) {
    this.aws = new PlayedSecretsManager(new HostClock(world.scheduler));
  }

  /** Whether a host is one of its own. */
  static boolean owns(String host) {
    return host.endsWith(DOMAIN);
  }

  /** Whether a request writes a version that nobody reads yet. */
  static boolean keeps(Transport.Request request) {
    return owns(request.uri().getHost())
        && request.headers().entrySet().stream()
            .anyMatch(header ->
                header.getKey().equalsIgnoreCase("X-Amz-Target")
                    && header.getValue().endsWith(".PutSecretValue"));
  }

  /** Returns a request by which another text is kept than the one that was sent. */
  static Transport.Request garbled(Transport.Request request) {
    var text = new String(request.body(), StandardCharsets.UTF_8);
    return new Transport.Request(
        request.method(),
        request.uri(),
        request.headers(),
        text.replace("client_secret", "client_secret_garbled").getBytes(StandardCharsets.UTF_8),
        request.timeout(),
        request.silence());
  }

  /** Returns who answers there. */
  Transport transport() {
    return (request, receiver) -> {
      aws.exchange(request, receiver);
      aws.forgetRequests();
    };
  }

  /** Returns what its destination is written with. */
  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>(aws.settings());
    fields.put("kind", "aws_secrets_manager");
    fields.put("create_secret", true);
    fields.put("on_delete", "delete");
    return fields;
  }

  /** Returns what readers of an entry get; empty for nothing. */
  Map<String, String> held(String entry) {
    return read(entry, "AWSCURRENT");
  }

  private Map<String, String> read(String entry, String label) {
    var fields = new LinkedHashMap<String, String>();
    aws.secrets()
        .read(entry, label)
        .ifPresent(text ->
            Json.read(text.getBytes(StandardCharsets.UTF_8))
                .forEach((name, value) -> fields.put(name, String.valueOf(value))));
    return fields;
  }

  /** In the grace of a former client, whoever was told of the new one too late falls back to it. */
  Optional<String> checkGrace(String entry, StaticCredential credential) {
    var previous = credential.previous();
    var current = credential.current();
    if (credential.phase() != Phase.GRACE
        || previous == null
        || previous.clientId() == null
        || current == null
        || credential.deliveries().stream().noneMatch(it -> it.holds(current.key()))) {
      return Optional.empty();
    }
    var there = read(entry, PREVIOUS).getOrDefault("client_id", "");
    return there.equals(previous.clientId().value())
        ? Optional.empty()
        : Optional.of(
            "who reads %s as it was before gets \"%s\" in the grace of %s"
                .formatted(entry, there, previous.clientId()));
  }

  /** Once everything has settled: nobody reaches a client that is gone. */
  Optional<String> checkSettled(String entry) {
    var there = read(entry, PREVIOUS);
    return there.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "who reads %s as it was before gets %s for good"
                .formatted(entry, there.get("client_id")));
  }
}
