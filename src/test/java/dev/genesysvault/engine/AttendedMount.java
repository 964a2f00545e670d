package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A mount whose background session is open in a task of its own, and whose static role {@code crm}
 * is about to hand out a client. Time goes by while a test waits.
 */
final class AttendedMount {
  static final Map<String, String> CRM = Map.of("name", "crm");

  final EngineHarness vault =
      new EngineHarness(
          new Delays(
              Duration.ofSeconds(90), Duration.ofMinutes(5), Duration.ZERO, Duration.ofHours(1)));

  private final List<Thread> requests = new ArrayList<>();
  private Thread session = new Thread(() -> {});

  /** Configures the mount, and opens its session. */
  void open() throws Exception {
    vault.ready();
    attend();
    eventually(() -> Boolean.TRUE.equals(rotations().get("loaded")));
  }

  /** Opens a session. */
  void attend() {
    session = vault.attend();
  }

  /** Writes the static role, whose first client is made meanwhile. */
  void writeStaticRole() {
    Map<String, Object> monthly =
        Map.of(
            "role_divisions", List.of("role-1:*"), "rotation_period", 2_592_000, "verify", false);
    meanwhile(() -> vault.write("static-roles/name", CRM, monthly));
  }

  /** Asks for what takes its time, which the test lets go by. */
  void meanwhile(Callable<Reply> request) {
    requests.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = request.call();
              } catch (Exception _) {
                // The test is over.
              }
            }));
  }

  /** Returns the client that readers of the static role get. */
  Optional<ClientId> current() throws InterruptedException {
    return new MountStorage(vault.storage)
        .staticCredentials()
        .entry("crm")
        .get()
        .flatMap(credential -> Optional.ofNullable(credential.current()))
        .flatMap(generation -> Optional.ofNullable(generation.clientId()));
  }

  /** Returns what {@code status} says of static roles. */
  @SuppressWarnings("unchecked")
  Map<String, Object> rotations() throws InterruptedException {
    return (Map<String, Object>)
        Objects.requireNonNull(data(vault.read("status", Map.of())).get("static_roles"));
  }

  /** Whether the static role's first client is handed out, and nobody works on it any more. */
  boolean atRest() throws InterruptedException {
    return requests.stream().noneMatch(Thread::isAlive)
        && vault.read("static-roles/status", CRM) instanceof Reply.Content content
        && "idle".equals(content.data().get("phase"))
        && !"".equals(content.data().get("last_vault_rotation"))
        && Long.valueOf(0).equals(rotations().get("rotating"));
  }

  /** Asks again until it is so, and lets a second pass each time. */
  void eventually(Callable<Boolean> question) throws Exception {
    while (!question.call()) {
      vault.time.advance(Duration.ofSeconds(1));
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  /** Ends what is under way, the session included. */
  void end() throws InterruptedException {
    for (var request : requests) {
      request.interrupt();
      request.join();
    }
    session.interrupt();
    session.join();
  }
}
