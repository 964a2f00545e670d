package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Genesys away, and beside it a sidecar away, for longer than Vault asks for a revoke: six times
 * within some ten minutes, which no setting shortens. That the time was long enough shows a mount
 * of strict revocation, whose leases Vault must have given up by then.
 */
@Tag("long")
@Timeout(3_600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LongOutageTest {
  private static final int LEASES = 5;
  private static final Duration VAULT_GIVES_UP_WITHIN = Duration.ofMinutes(40);
  private static final Duration RECOVERY = Duration.ofMinutes(5);

  private final Stack withoutGenesys;
  private final Stack withoutSidecar;
  private final long begun = System.nanoTime();

  LongOutageTest(@TempDir Path folder) throws Exception {
    withoutGenesys = Stack.start(Files.createDirectory(folder.resolve("a")));
    withoutSidecar = Stack.start(Files.createDirectory(folder.resolve("b")));
  }

  @AfterAll
  void stop() {
    withoutGenesys.close();
    withoutSidecar.close();
  }

  @Test
  void no_lease_turns_irrevocable_but_those_of_strict_revocation() throws Exception {
    withoutGenesys.mountReady("deferred");
    withoutGenesys.mountReady("strict");
    withoutGenesys.http.must("strict/config", Map.of("revocation", "strict"));
    withoutSidecar.mountReady("deferred");
    var genesysBooks = new Books(withoutGenesys, "deferred");
    var sidecarBooks = new Books(withoutSidecar, "deferred");
    var strictBooks = new Books(withoutGenesys, "strict");
    var _ = lease(withoutGenesys, "deferred");
    var _ = lease(withoutSidecar, "deferred");
    var strict = lease(withoutGenesys, "strict");

    withoutGenesys.genesys.goDown();
    withoutSidecar.killSidecar();
    say("both outages begin");
    for (var mount : List.of("deferred", "strict")) {
      revokeAll(withoutGenesys, mount);
    }
    revokeAll(withoutSidecar, "deferred");
    Eventually.is(
        "Vault has given up the strict leases",
        VAULT_GIVES_UP_WITHIN,
        () -> genesysBooks.irrevocableLeases() >= LEASES);
    say("Vault has given up the strict leases");
    for (var client : withoutGenesys.http.list("deferred/clients")) {
      var record = withoutGenesys.http.data("deferred/clients/" + client);
      say(
          "a deferred client: %s, %d attempts, %s"
              .formatted(
                  record.path("state").asText(),
                  record.path("attempts").asInt(),
                  record.path("last_error").asText()));
    }
    say("revokes written down without the sidecar: %d".formatted(sidecarBooks.journal().size()));

    assertThat(irrevocable(withoutGenesys))
        .hasSize(LEASES)
        .allMatch(lease -> lease.startsWith("strict/"));
    assertThat(irrevocable(withoutSidecar)).isEmpty();
    assertThat(genesysBooks.leases("demo")).isEmpty();
    assertThat(sidecarBooks.leases("demo")).isEmpty();
    assertThat(genesysBooks.ownClients()).hasSize(LEASES);
    assertThat(sidecarBooks.ownClients()).hasSize(LEASES);

    withoutGenesys.genesys.clearFaults();
    withoutSidecar.startSidecar();
    say("both outages are over");
    // What Vault has given up is not what the mounts have.
    Eventually.is(
        "every client is gone",
        RECOVERY,
        () ->
            genesysBooks.ownClients().isEmpty()
                && sidecarBooks.ownClients().isEmpty()
                && strictBooks.ownClients().isEmpty());
    say("every client is gone, also those of the leases that Vault has given up");
    assertThat(irrevocable(withoutGenesys)).hasSize(LEASES);
    assertThat(irrevocable(withoutSidecar)).isEmpty();
    assertThat(strict)
        .allSatisfy(credential -> assertThat(withoutGenesys.logsIn(credential)).isFalse());
  }

  private static List<Map<String, String>> lease(Stack stack, String mount) throws Exception {
    var credentials = new ArrayList<Map<String, String>>();
    for (int i = 0; i < LEASES; i++) {
      credentials.add(stack.client.logical().read(mount + "/creds/demo").getData());
    }
    return credentials;
  }

  private static void revokeAll(Stack stack, String mount) throws Exception {
    stack.http.must("sys/leases/revoke-prefix/" + mount + "/creds", Map.of("sync", false));
  }

  private static List<String> irrevocable(Stack stack) throws Exception {
    var leases = new ArrayList<String>();
    stack
        .http
        .get("sys/leases?type=irrevocable")
        .body()
        .path("data")
        .path("leases")
        .forEach(lease -> leases.add(lease.path("lease_id").asText()));
    return leases;
  }

  private void say(String what) {
    var elapsed = Duration.ofNanos(System.nanoTime() - begun);
    System.out.printf("after %3d s: %s%n", elapsed.toSeconds(), what);
  }
}
