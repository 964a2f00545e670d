package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another server, of the same kind, with a KV engine of version 2 and AppRoles: somebody else's.
 */
final class OtherVault implements AutoCloseable {
  /** What an AppRole needs for entries below {@code apps}. */
  static final String ENOUGH =
      """
      path "kv/data/apps/*"     { capabilities = ["create", "update", "read"] }
      path "kv/metadata/apps/*" { capabilities = ["read"] }
      path "kv/delete/apps/*"   { capabilities = ["update"] }
      """;

  private final VaultServer server;
  private final List<String> secretIds = new ArrayList<>();

  private OtherVault(VaultServer server) {
    this.server = server;
  }

  static OtherVault start(Path folder) throws Exception {
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    var other =
        new OtherVault(VaultServer.start(Files.createDirectory(folder.resolve("server")), plugins));
    other.furnish();
    return other;
  }

  private void furnish() throws Exception {
    server.http.must("sys/mounts/kv", Map.of("type", "kv", "options", Map.of("version", "2")));
    server.http.must("sys/auth/approle", Map.of("type", "approle"));
    Eventually.is(
        "the engine takes writes",
        Duration.ofSeconds(30),
        () -> server.http.put("kv/data/begun", Map.of("data", Map.of())).status() == 200);
  }

  /** Writes what an AppRole may do, from now on. */
  void allow(String appRole, String policy) throws Exception {
    server.http.must("sys/policies/acl/" + appRole, Map.of("policy", policy));
  }

  /** Makes an AppRole, and returns the fields of a destination that logs in with it. */
  Map<String, Object> admit(String appRole, String policy) throws Exception {
    allow(appRole, policy);
    var path = "auth/approle/role/" + appRole;
    server.http.must(path, Map.of("token_policies", appRole));
    var secretId = server.http.must(path + "/secret-id", Map.of()).path("data").path("secret_id");
    secretIds.add(secretId.asText());
    var fields = new LinkedHashMap<String, Object>();
    fields.put("kind", "vault_kv");
    fields.put("address", server.address());
    fields.put("kv_mount", "kv");
    fields.put("role_id", server.http.data(path + "/role-id").path("role_id").asText());
    fields.put("secret_id", secretId.asText());
    return fields;
  }

  /** Returns the secrets of all AppRoles. */
  List<String> secretIds() {
    return List.copyOf(secretIds);
  }

  /** Returns what an entry holds, which must be there. */
  JsonNode held(String entry) throws IOException, InterruptedException {
    return server.http.data("kv/data/" + entry).path("data");
  }

  boolean holdsNothing(String entry) throws IOException, InterruptedException {
    return server.http.get("kv/data/" + entry).status() == 404;
  }

  /** Writes to an entry as somebody would who should not. */
  void overwrite(String entry) throws IOException, InterruptedException {
    server.http.must("kv/data/" + entry, Map.of("data", Map.of("client_id", "somebody else's")));
  }

  void suspend() throws IOException, InterruptedException {
    server.suspend();
  }

  void resume() throws IOException, InterruptedException {
    server.resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
