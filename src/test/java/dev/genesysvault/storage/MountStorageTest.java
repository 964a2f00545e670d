package dev.genesysvault.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.testing.InMemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountStorageTest {
  private static final Asker ASKER =
      new Asker("manual", "token-ops", "entity-1", "request-1", Instant.EPOCH, Map.of("later", 2));

  private final InMemoryStorage entries = new InMemoryStorage();
  private final MountStorage storage = new MountStorage(entries);

  @Test
  void brings_a_client_back_as_it_was() throws Exception {
    var key = new ClientKey("k-1");
    var client =
        new ClientRecord(
            ClientRecord.State.ISSUED,
            ClientRecord.Kind.DYNAMIC,
            List.of(new ClientName("a-1"), new ClientName("a-2")),
            new ClientId("c-1"),
            "org-1",
            "demo",
            new ClientBody(Map.of("name", "a-2", "nested", Map.of("list", List.of(1, true)))),
            Instant.parse("2026-01-01T00:00:00.123Z"),
            Instant.parse("2026-01-01T00:00:01Z"),
            Instant.parse("2026-01-01T01:00:00Z"),
            Instant.parse("2026-01-01T00:30:00Z"),
            "Genesys refused",
            "token",
            "entity",
            Map.of());

    storage.client(key).put(client);

    assertThat(storage.client(key).get()).contains(client);
  }

  @Test
  void brings_a_role_back_as_it_was() throws Exception {
    var role = role("a description");

    storage.roles().entry("demo").put(role);

    assertThat(storage.roles().entry("demo").get()).contains(role);
    assertThat(storage.roles().names()).containsExactly("demo");
  }

  @Test
  void brings_a_static_role_back_as_it_was() throws Exception {
    var role =
        new StaticRole(
            new ClientTemplate(
                Set.of(), "template", Duration.ZERO, "", "", Map.of("owner", "crm"), Map.of()),
            new RotationTiming(
                Duration.ZERO,
                "0 3 * * *",
                Duration.ofHours(2),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Duration.ofHours(7)),
            false,
            UsageCheck.WAIT,
            OnDelete.RELEASE,
            List.of(
                new DestinationEntry(
                    "kv", "apps/crm", Map.of("id", "{{client_id}}"), Map.of("later", 1))),
            ASKER,
            Map.of("usage", "later"));

    storage.staticRoles().entry("crm").put(role);

    assertThat(storage.staticRoles().entry("crm").get()).contains(role);
  }

  @Test
  void brings_a_static_credential_back_with_all_of_its_clients() throws Exception {
    var now = Instant.parse("2026-01-01T00:00:00.123Z");
    var body = new ClientBody(Map.of("name", "n", "roleDivisions", List.of(), "later", true));
    var made =
        new StaticClient(
                new ClientKey("key-1"),
                new ClientName("vault-crm"),
                "o",
                body,
                now,
                Endpoint.of("mypurecloud.de"),
                null,
                null,
                false,
                true,
                Map.of("later", 1))
            .made(new ClientId("c"), Secret.of("the secret"));
    var credential =
        StaticCredential.empty()
            .with(draft -> {
              draft.phase = StaticCredential.Phase.GRACE;
              draft.current = made;
              draft.previous = made.withoutSecret();
              draft.next = made;
              draft.run =
                  new RotationRun(
                      RotationRun.Reason.EMERGENCY,
                      true,
                      now,
                      now.plusSeconds(1),
                      List.of("request-1"),
                      List.of(ASKER),
                      7,
                      Map.of("later", "asked by"));
              draft.lastRotation = now;
              draft.nextRotation = now.plusSeconds(2);
              draft.graceEnd = now.plusSeconds(3);
              draft.original = new ClientId("template");
              draft.readUntil = now.plusSeconds(4);
              draft.retired =
                  List.of(
                      new RetiredClient(
                          new ClientKey("key-0"),
                          new ClientId("b"),
                          now,
                          now.plusSeconds(5),
                          Map.of("later", List.of(1))));
              draft.history =
                  List.of(
                      new PastRotation(
                              "manual",
                              null,
                              new ClientId("c"),
                              now,
                              List.of("log_in: of c"),
                              List.of("request-0"),
                              null,
                              new RotationAccount(
                                  "id-1",
                                  now,
                                  List.of(ASKER),
                                  8,
                                  List.of("it was late"),
                                  true,
                                  true,
                                  Map.of("later", 3)),
                              Map.of("later", Map.of("a", true)))
                          .endedAt(now.plusSeconds(6)));
            });

    storage.staticCredentials().entry("crm").put(credential);

    var back = storage.staticCredentials().entry("crm").get().orElseThrow();
    assertThat(back).usingRecursiveComparison().isEqualTo(credential);
    assertThat(back.toString()).doesNotContain("the secret");
  }

  @Test
  void brings_a_configuration_back_with_its_secret() throws Exception {
    var config =
        new MountConfig(
            "eu-central-1",
            "mypurecloud.de",
            "",
            "",
            false,
            new Credential(new ClientId("c"), Secret.of("the secret")),
            Duration.ZERO,
            Duration.ofHours(1),
            "vault",
            false,
            new Organization("o", "Acme"),
            true,
            Endpoint.of("mypurecloud.ie"),
            null,
            new Keeping(30, true),
            Map.of());

    storage.config().put(config);

    var read = storage.config().get().orElseThrow();
    assertThat(read.credential().secret().sameAs(Secret.of("the secret"))).isTrue();
    assertThat(read.organization()).isEqualTo(config.organization());
    assertThat(read.keeping()).isEqualTo(config.keeping());
    assertThat(read.endpoint().api()).hasToString("https://api.mypurecloud.de");
    assertThat(read.toString()).doesNotContain("the secret");
  }

  @Test
  void reads_many_in_the_order_asked_for_and_fails_none_for_another() throws Exception {
    entries.put("roles/broken", new byte[] {'{'});
    storage.roles().entry("b").put(role("second"));
    storage.roles().entry("a").put(role("first"));

    var all = new ArrayList<Found<DynamicRole>>();
    storage.roles().each(List.of("b", "none", "broken", "a"), all::add);

    assertThat(all)
        .satisfiesExactly(
            found -> assertThat(found).isEqualTo(new Found.Document<>("b", role("second"))),
            found -> assertThat(found).isEqualTo(new Found.Nothing<>("none")),
            found ->
                assertThat(found)
                    .isInstanceOfSatisfying(
                        Found.Unreadable.class,
                        unreadable -> {
                          assertThat(unreadable.name()).isEqualTo("broken");
                          assertThat(unreadable.reason()).contains("roles/broken cannot be read");
                        }),
            found -> assertThat(found).isEqualTo(new Found.Document<>("a", role("first"))));
  }

  @Test
  void lets_members_of_a_later_version_survive_a_read_and_a_write() throws Exception {
    entries.put(
        "mount",
        "{\"version\":1,\"mount_id\":\"m-1\",\"later\":{\"kept\":[1]}}"
            .getBytes(StandardCharsets.UTF_8));

    storage.mount().put(storage.mount().get().orElseThrow());

    assertThat(entries.text("mount")).contains("\"later\":{\"kept\":[1]}");
  }

  @Test
  void refuses_an_entry_of_a_newer_version_and_says_what_to_do() {
    entries.put("mount", "{\"version\":2,\"mount_id\":\"m\"}".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> storage.mount().get())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("mount cannot be read")
        .hasMessageContaining("upgrade the sidecar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"client_secret\":\"hush\"",
        "{\"version\":1,\"client_secret\":\"hush\"}",
        "{\"version\":1,\"client_id\":7,\"client_secret\":\"hush\"}"
      })
  void never_quotes_an_entry_that_it_cannot_read(String text) {
    entries.put("config", text.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> storage.config().get())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("config cannot be read")
        .hasMessageNotContaining("hush");
  }

  /** Returns one with every member, so that a new one needs no mention here. */
  private static DynamicRole role(String description) throws IOException {
    var golden = Files.readString(Path.of("src/test/golden/storage/current/roles.json"));
    var text = golden.replace("of the CRM", description);
    return DynamicRole.CODEC.decode("roles/demo", text.getBytes(StandardCharsets.UTF_8));
  }
}
