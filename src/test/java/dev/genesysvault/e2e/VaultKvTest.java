package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Value;
import dev.genesysvault.destination.vault.VaultKvKind;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlainErrand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A destination of the kind {@code vault_kv} with a real KV engine, AppRole and policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VaultKvTest {
  private static final Value VALUE =
      new Value(
          Map.of(
              "client_id",
              "c-1",
              "client_secret",
              "s3cret-1",
              "version",
              7,
              "expires",
              1_790_000_000_123L,
              "share",
              0.25,
              "roles",
              List.of("a", Map.of("id", "b"))));
  private static final Value NEXT = new Value(Map.of("client_secret", "s3cret-2"));

  private final SystemTime time = new SystemTime();
  private final HttpTransport transport = new HttpTransport(time, Network.ofJvm(List.of()));
  private VaultServer server;
  private Path tokenFolder;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    tokenFolder = Files.createDirectory(folder.resolve("tokens"));
    server = VaultServer.start(Files.createDirectory(folder.resolve("server")), plugins);
    furnish("");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** Sets up a KV engine, a policy and an AppRole, by the paths of the server or of a namespace. */
  private void furnish(String prefix) throws Exception {
    server.http.must(
        prefix + "sys/mounts/kv", Map.of("type", "kv", "options", Map.of("version", "2")));
    server.http.must(
        prefix + "sys/policies/acl/genesys",
        Map.of(
            "policy",
            """
            path "kv/data/apps/*"     { capabilities = ["create", "update", "read"] }
            path "kv/metadata/apps/*" { capabilities = ["read"] }
            path "kv/delete/apps/*"   { capabilities = ["update"] }
            path "kv/data/read/*"     { capabilities = ["read"] }
            """));
    server.http.must(prefix + "sys/auth/approle", Map.of("type", "approle"));
    server.http.must(
        prefix + "auth/approle/role/genesys",
        Map.of("token_policies", "genesys", "token_ttl", "20m", "token_max_ttl", "1h"));
    Eventually.is(
        "the engine takes writes",
        Duration.ofSeconds(30),
        () -> server.http.put(prefix + "kv/data/begun", Map.of("data", Map.of())).status() == 200);
  }

  private Map<String, String> settings(String prefix) throws Exception {
    var settings = new HashMap<String, String>();
    settings.put("address", server.address());
    settings.put("kv_mount", "kv");
    settings.put(
        "role_id",
        server.http.data(prefix + "auth/approle/role/genesys/role-id").path("role_id").asText());
    settings.put(
        "secret_id",
        server
            .http
            .must(prefix + "auth/approle/role/genesys/secret-id", Map.of())
            .path("data")
            .path("secret_id")
            .asText());
    return settings;
  }

  private Destination open(Map<String, String> settings) {
    return new VaultKvKind(transport, time, new SystemLocks(), Optional.of(tokenFolder))
        .open(settings);
  }

  private Errand soon() {
    return PlainErrand.by(Deadline.in(Duration.ofSeconds(30), time));
  }

  private JsonNode held(String entry) throws Exception {
    return server.http.get("kv/data/" + entry).body().path("data").path("data");
  }

  private static Sent confirmed(long version) {
    return new Sent.Confirmed(String.valueOf(version));
  }

  private static String text(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    return ((Sent.Failed) sent).failure().why().text();
  }

  @Test
  void values_are_sent_seen_and_removed() throws Exception {
    var destination = open(settings(""));
    var entry = "apps/team+a@example.com/billing_1";

    assertThat(destination.send(entry, VALUE, soon())).isEqualTo(confirmed(1));
    assertThat(held(entry).path("client_secret").asText()).isEqualTo("s3cret-1");
    assertThat(destination.send(entry, VALUE, soon())).isEqualTo(confirmed(1));
    assertThat(destination.look(entry, "1", VALUE, soon())).isEqualTo(new Seen.AsSent());
    assertThat(destination.send(entry, NEXT, soon())).isEqualTo(confirmed(2));
    assertThat(destination.look(entry, "1", VALUE, soon()))
        .isEqualTo(new Seen.Otherwise("version 2 holds something else"));
    assertThat(destination.remove(entry, "1", soon())).isEqualTo(new Removed.Done());
    assertThat(held(entry).path("client_secret").asText()).isEqualTo("s3cret-2");

    assertThat(destination.remove(entry, "2", soon())).isEqualTo(new Removed.Done());
    assertThat(held(entry).isObject()).isFalse();
    assertThat(destination.look(entry, "2", NEXT, soon()))
        .isEqualTo(new Seen.Otherwise("it was deleted"));
    assertThat(destination.send(entry, NEXT, soon())).isEqualTo(confirmed(3));
    server.http.must("kv/destroy/" + entry, Map.of("versions", List.of(3)));
    assertThat(destination.remove(entry, "3", soon())).isEqualTo(new Removed.Done());
    assertThat(destination.send(entry, NEXT, soon())).isEqualTo(confirmed(4));
    server.http.delete("kv/metadata/" + entry);
    assertThat(destination.look(entry, "4", NEXT, soon()))
        .isEqualTo(new Seen.Otherwise("it was deleted"));
    assertThat(destination.send(entry, VALUE, soon())).isEqualTo(confirmed(1));
  }

  @Test
  void a_token_is_renewed_and_got_anew_where_it_was_revoked() throws Exception {
    var clock = new FakeTime();
    var destination =
        new VaultKvKind(transport, clock, new SystemLocks(), Optional.of(tokenFolder))
            .open(settings(""));
    var later = PlainErrand.by(Deadline.in(Duration.ofHours(1), clock));
    assertThat(destination.send("apps/revoked", VALUE, later)).isEqualTo(confirmed(1));
    int tokens = tokens();
    clock.advance(Duration.ofMinutes(15));
    assertThat(destination.send("apps/revoked", VALUE, later)).isEqualTo(confirmed(1));
    assertThat(tokens()).isEqualTo(tokens);

    clock.advance(Duration.ofMinutes(1));
    server.http.must("sys/leases/revoke-prefix/auth/approle", Map.of());
    assertThat(destination.send("apps/revoked", NEXT, later)).isEqualTo(confirmed(2));
  }

  private int tokens() throws Exception {
    return server.http.list("auth/token/accessors").size();
  }

  @Test
  void what_the_policy_lacks_is_named() throws Exception {
    var destination = open(settings(""));
    assertThat(destination.send("apps/denied", VALUE, soon())).isEqualTo(confirmed(1));
    var denied = text(destination.send("elsewhere", VALUE, soon()));
    assertThat(denied)
        .startsWith("GET kv/data/elsewhere at " + server.address() + ": HTTP 403: ")
        .contains("permission denied", "kv/data/elsewhere: create, update, read");

    assertThat(destination.check("apps/denied", false, soon()))
        .allMatch(Finding::passed)
        .hasSize(3);
    assertThat(destination.check("read/only", false, soon()))
        .contains(
            new Finding(
                "permissions",
                false,
                "the policies of the AppRole lack kv/data/read/only: create, update; kv/metadata/read/only: read; kv/delete/read/only: update"));
  }

  @Test
  void wrong_settings_are_told_apart() throws Exception {
    var settings = settings("");
    settings.put("secret_id", "another");
    var refused = open(settings).send("apps/x", VALUE, soon());
    assertThat(((Sent.Failed) refused).failure().extent()).isEqualTo(Extent.DESTINATION);
    assertThat(text(refused)).contains("auth/approle/login", "write a new secret_id");

    settings = settings("");
    settings.put("kv_mount", "nowhere");
    // Whoever has no permission there is not told that there is nothing.
    assertThat(text(open(settings).send("apps/x", VALUE, soon())))
        .contains("check namespace and kv_mount");

    settings = settings("");
    settings.put("approle_mount", "nowhere");
    assertThat(text(open(settings).send("apps/x", VALUE, soon()))).contains("approle_mount is");
  }

  @Test
  void an_engine_of_version_1_gets_nothing() throws Exception {
    server.http.must("sys/mounts/first", Map.of("type", "kv"));
    Files.writeString(tokenFolder.resolve("root"), server.rootToken());
    var destination =
        open(Map.of("address", server.address(), "kv_mount", "first", "token_file", "root"));

    assertThat(text(destination.send("apps/x", VALUE, soon()))).contains("KV engine of version 2");
    assertThat(server.http.list("first")).isEmpty();
    assertThat(destination.check("apps/x", false, soon()))
        .filteredOn(each -> !each.passed())
        .extracting(Finding::name)
        .containsExactly("kv_version");
  }

  @Test
  void a_token_of_a_file_does_as_well() throws Exception {
    Files.writeString(tokenFolder.resolve("kv"), server.rootToken() + "\n");
    var destination =
        open(Map.of("address", server.address(), "kv_mount", "kv", "token_file", "kv"));

    assertThat(destination.send("apps/by-file", VALUE, soon())).isEqualTo(confirmed(1));
    Files.writeString(tokenFolder.resolve("kv"), "no-such-token");
    assertThat(text(destination.send("apps/by-file", NEXT, soon()))).contains("token_file");
  }

  @Test
  void a_namespace_has_its_own_log_in_and_engine() throws Exception {
    assumeTrue(ServerKind.current().hasNamespaces());
    server.http.must("sys/namespaces/team", Map.of());
    furnish("team/");
    var settings = settings("team/");
    settings.put("namespace", "team");

    assertThat(open(settings).send("apps/inside", VALUE, soon())).isEqualTo(confirmed(1));
    assertThat(open(settings).check("apps/inside", false, soon())).allMatch(Finding::passed);
    assertThat(server.http.get("kv/data/apps/inside").status()).isEqualTo(404);
    assertThat(server.http.get("team/kv/data/apps/inside").status()).isEqualTo(200);

    settings.put("namespace", "nobody");
    assertThat(text(open(settings).send("apps/inside", VALUE, soon()))).contains("namespace must");
  }
}
