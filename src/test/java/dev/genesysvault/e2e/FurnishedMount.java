package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * A mount that hands out what a mount can hand out: a leased client, and those of static roles. It
 * may be moved.
 */
final class FurnishedMount {
  /** Rotated once a month, and ended with its role. */
  static final String STEADY = "steady";

  /** Rotated every few seconds. */
  static final String BRISK = "brisk";

  /** Let go with its role. */
  static final String KEPT = "kept";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<String, Map<String, Object>> STATIC_ROLES =
      Map.of(
          STEADY, Map.of("rotation_period", "30d"),
          BRISK, Map.of("rotation_period", "5s", "grace_period", "2s", "stagger", "0s"),
          KEPT, Map.of("rotation_period", "30d", "on_delete", "release"));

  private final Stack stack;
  private String path;

  private FurnishedMount(Stack stack, String path) {
    this.stack = stack;
    this.path = path;
  }

  /** A credential and its lease. */
  record Leased(String id, Map<String, String> credential) {
    String clientId() {
      return credential.getOrDefault("client_id", "");
    }
  }

  /**
   * Mounts the engine.
   *
   * @param revocation {@code strict} or {@code deferred}
   * @param staticRoles which of the static roles it has
   */
  static FurnishedMount at(String path, Stack stack, String revocation, String... staticRoles)
      throws Exception {
    stack.mountReady(path);
    stack.http.must(path + "/config", Map.of("revocation", revocation));
    var mount = new FurnishedMount(stack, path);
    // Each is verified for a second, and none waits for another.
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      var writes = new ArrayList<Callable<JsonNode>>();
      for (var role : staticRoles) {
        writes.add(() -> mount.write(role));
      }
      for (var written : writers.invokeAll(writes)) {
        var _ = written.get();
      }
    }
    return mount;
  }

  /** Writes one of the static roles. */
  JsonNode write(String role) throws IOException, InterruptedException {
    var fields = new LinkedHashMap<String, Object>(STATIC_ROLES.getOrDefault(role, Map.of()));
    fields.put("role_divisions", SimulatedOrganization.HELD_PAIR);
    return stack.http.must(path + "/static-roles/" + role, fields);
  }

  String path() {
    return path;
  }

  Leased lease() throws Exception {
    var answer = stack.client.logical().read(path + "/creds/demo");
    return new Leased(answer.getLeaseId(), answer.getData());
  }

  Map<String, String> credential(String role) throws Exception {
    return VaultHttp.credential(stack.http.data(path + "/static-creds/" + role));
  }

  String clientId(String role) throws Exception {
    return credential(role).getOrDefault("client_id", "");
  }

  JsonNode rotateAtOnce(String role) throws Exception {
    return stack.http.must(path + "/rotate-role/" + role, Map.of("emergency", true)).path("data");
  }

  /** Waits until a role hands out another client than this one. */
  void awaitSuccessor(String role, Map<String, String> former) throws Exception {
    Eventually.is(role + " is rotated", PATIENCE, () -> !credential(role).equals(former));
  }

  /** Has its clients change no more. */
  void calm(String role) throws Exception {
    stack.http.must(path + "/static-roles/" + role, Map.of("rotation_period", "30d"));
  }

  /** Returns whom it hands out by its own word: names by the ids of the clients. */
  Map<String, String> handedOut() throws IOException, InterruptedException {
    var handedOut = new TreeMap<String, String>();
    for (var role : stack.http.list(path + "/static-roles")) {
      var present = stack.http.get(path + "/static-creds/" + role);
      if (present.status() == 200) {
        handedOut.put(present.body().path("data").path("client_id").asText(), role);
      }
    }
    for (var key : stack.http.list(path + "/clients")) {
      var record = stack.http.get(path + "/clients/" + key).body().path("data");
      if (record.path("state").asText().equals("issued")) {
        handedOut.put(record.path("client_id").asText(), "leased");
      }
    }
    return handedOut;
  }

  /** Moves it; returns whether Vault did. */
  boolean move(String newPath) throws Exception {
    var id =
        stack
            .http
            .must("sys/remount", Map.of("from", path, "to", newPath))
            .path("data")
            .path("migration_id")
            .asText();
    var status = new StringBuilder();
    Eventually.is(
        "the move is over",
        Duration.ofSeconds(100),
        () -> {
          status.setLength(0);
          status.append(
              stack
                  .http
                  .data("sys/remount/status/" + id)
                  .path("migration_info")
                  .path("status")
                  .asText());
          return !status.toString().equals("in-progress");
        });
    boolean moved = status.toString().equals("success");
    if (moved) {
      path = newPath;
    }
    return moved;
  }

  /** Moves it while the test goes on. */
  CompletableFuture<Boolean> moveMeanwhile(String newPath) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return move(newPath);
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    });
  }

  /** Disables it; returns Vault's status. */
  int disable() throws IOException, InterruptedException {
    return stack.http.delete("sys/mounts/" + path).status();
  }

  JsonNode drain(boolean inEarnest) throws IOException, InterruptedException {
    return stack.http.must(path + "/drain", Map.of("dry_run", !inEarnest)).path("data");
  }

  JsonNode drainProgress() throws IOException, InterruptedException {
    return stack.http.data(path + "/drain");
  }

  /** Ends all that it hands out, and itself. */
  void clearAway() throws Exception {
    if (stack.http.get("sys/mounts/" + path).status() != 200) {
      return;
    }
    if (stack.http.get(path + "/status").body().path("data").has("sidecar_version")) {
      drain(true);
      awaitDrained();
    }
    // Genesys may hide what was made a moment ago, so that its 404 does not say that it is gone.
    Eventually.is(path + " is disabled", PATIENCE, () -> disable() == 204);
  }

  void awaitDrained() throws Exception {
    Eventually.is(
        path + " is drained", PATIENCE, () -> drainProgress().path("drained").asBoolean());
  }
}
