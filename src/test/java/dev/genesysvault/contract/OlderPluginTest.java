package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Engine;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.FieldType;
import dev.genesysvault.proto.v1.HelloRequest;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Path;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.proto.v1.StorageEntry;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.ReleasedForms;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sidecar that was upgraded before its plugins: the real one on a real socket; the plugin is
 * played, and knows nothing but the descriptor that its release embeds.
 */
final class OlderPluginTest {
  private final Settings settings;
  private final SimulatorServer simulator;
  private final SimulatorAdmin genesys;
  private final InMemoryStorage storage = new InMemoryStorage();

  OlderPluginTest(@TempDir java.nio.file.Path folder) throws IOException {
    simulator = SimulatorServer.start(0, 0);
    genesys = new SimulatorAdmin(simulator.apiUrl());
    settings =
        new Settings(
            folder.resolve("sidecar.sock"),
            Optional.empty(),
            0.9,
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            NetworkSettings.OF_JVM,
            Optional.empty(),
            MetricsSettings.SCRAPED);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  static List<String> releases() throws IOException {
    return ReleasedForms.releases();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void the_plugin_of_a_release_is_served_by_this_sidecar(String release) throws Exception {
    try (var _ = Sidecar.start(settings);
        var plugin = new Plugin(release)) {
      servesFromConfigToRevoke(plugin);
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void the_plugin_of_a_release_is_served_by_a_sidecar_whose_descriptor_was_edited_since(
      String release) throws Exception {
    var edited = edited();
    var kept = EngineDescriptor.parse(ReleasedForms.descriptor(release));
    try (var _ = Sidecar.start(settings, List.of(edited, kept));
        var plugin = new Plugin(release)) {
      assertThat(plugin.shim.unary().hello(HelloRequest.getDefaultInstance()))
          .satisfies(hello ->
              assertThat(hello.getDescriptorSha256List())
                  .containsExactly(bytes(edited), plugin.shim.descriptorHash()));
      servesFromConfigToRevoke(plugin);
    }
  }

  @Test
  void a_plugin_whose_descriptor_the_sidecar_has_not_is_refused_and_told_what_to_upgrade()
      throws Exception {
    for (var release : releases()) {
      try (var _ = Sidecar.start(settings, List.of(edited()));
          var plugin = new Plugin(release)) {
        assertRefused(plugin.shim);
      }
    }
    try (var _ = Sidecar.start(settings);
        var later = new TestShim(settings.socket(), storage)) {
      assertRefused(later.withDescriptorHash(bytes(edited()).toByteArray()));
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void what_the_caller_of_an_older_plugin_leaves_out_is_as_the_sidecars_own_descriptor_says(
      String release) throws Exception {
    var kept = EngineDescriptor.parse(ReleasedForms.descriptor(release));
    try (var _ = Sidecar.start(settings, List.of(edited(), kept));
        var plugin = new Plugin(release)) {
      configure(plugin);

      assertThat(data(plugin.read("config", Map.of()))).containsEntry("name_prefix", "edited");
    }
  }

  private void servesFromConfigToRevoke(Plugin plugin) throws Exception {
    configure(plugin);
    var session = plugin.shim.attend();
    session.awaitFirstOp();

    assertThat(data(plugin.list("roles/list"))).containsEntry("keys", List.of("demo"));
    var issued = plugin.read("creds/name", Map.of("name", "demo"));
    var id = String.valueOf(data(issued).get("client_id"));
    var secret = String.valueOf(data(issued).get("client_secret"));
    assertThat(genesys.logsIn(simulator.loginUrl(), id, secret)).isTrue();
    assertThat(data(plugin.read("status", Map.of()))).containsEntry("session", true);

    var renewed = plugin.onLease(Operation.OPERATION_RENEW, issued);
    assertThat(renewed.getResponse().getSecret().getTtl().getSeconds()).isPositive();
    var revoked = plugin.onLease(Operation.OPERATION_REVOKE, issued);
    assertThat(revoked.hasNothing()).as(revoked.toString()).isTrue();
    assertThat(genesys.logsIn(simulator.loginUrl(), id, secret)).isFalse();
    session.cancel();
  }

  private void configure(Plugin plugin) {
    assertNothing(plugin.write("config", Map.of(), SimulatedOrganization.config(simulator)));
    assertNothing(
        plugin.write(
            "roles/name",
            Map.of("name", "demo"),
            Map.of("role_divisions", List.of(SimulatedOrganization.HELD_PAIR))));
  }

  private static void assertNothing(Result result) {
    assertThat(result.hasNothing()).as(result.toString()).isTrue();
  }

  private static void assertRefused(TestShim shim) {
    var end = shim.serve(shim.creds("request-1")).end();
    assertThat(end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(end.getDescription()).contains("another set of paths", "upgrade the sidecar first");
    assertThat(shim.attend().end().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  /** Returns the descriptor as later versions may have it: more fields, and another default. */
  private static EngineDescriptor edited() throws IOException {
    var text = Files.readString(java.nio.file.Path.of("proto/genesysvault/v1/engine.textproto"));
    var engine = TextFormat.parse(text, Engine.class).toBuilder();
    for (var path : engine.getPathsBuilderList()) {
      if (path.getId().equals("config")) {
        path.getFieldsBuilderList().stream()
            .filter(field -> field.getName().equals("name_prefix"))
            .forEach(field -> field.setDefaultJson("\"edited\""));
      }
      path.addFields(
          Field.newBuilder()
              .setName("added_later")
              .setType(FieldType.FIELD_TYPE_BOOL)
              .setDefaultJson("true"));
    }
    var edited = TextFormat.printer().printToString(engine);
    return EngineDescriptor.parse(edited.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteString bytes(EngineDescriptor descriptor) {
    return ByteString.copyFrom(HexFormat.of().parseHex(descriptor.sha256()));
  }

  private static Map<String, Object> data(Result result) {
    assertThat(result.hasResponse()).as(result.getError().getMessage()).isTrue();
    return Json.read(result.getResponse().getDataJson().toByteArray());
  }

  /** Sends what its own descriptor knows, with the entries that it names, and nothing else. */
  private final class Plugin implements AutoCloseable {
    private final Engine engine;
    private final TestShim shim;
    private int requests;

    Plugin(String release) throws IOException {
      var text = ReleasedForms.descriptor(release);
      engine = ReleasedForms.engine(release);
      shim =
          new TestShim(settings.socket(), storage)
              .withDescriptorHash(bytes(EngineDescriptor.parse(text)).toByteArray());
    }

    Result write(String id, Map<String, String> captures, Map<String, Object> fields) {
      var path = path(id);
      assertThat(path.getFieldsList())
          .extracting(Field::getName)
          .containsAll(captures.keySet())
          .containsAll(fields.keySet());
      return shim.serve(
              call(Operation.OPERATION_UPDATE, path, captures)
                  .setFieldsJson(ByteString.copyFrom(Json.write(fields))))
          .result();
    }

    Result read(String id, Map<String, String> captures) {
      return shim.serve(call(Operation.OPERATION_READ, path(id), captures)).result();
    }

    Result list(String id) {
      return shim.serve(call(Operation.OPERATION_LIST, path(id), Map.of())).result();
    }

    Result onLease(Operation operation, Result issued) {
      var call = shim.onLease(operation, issued, Instant.now());
      var secret = issued.getResponse().getSecret();
      var internal = Json.read(secret.getInternalDataJson().toByteArray());
      engine.getSecretTypesList().stream()
          .filter(type -> type.getId().equals(secret.getSecretType()))
          .flatMap(type -> type.getPrefetchList().stream())
          .forEach(key -> call.addPrefetched(entry(key, internal)));
      return shim.serve(call).result();
    }

    private Path path(String id) {
      return engine.getPathsList().stream()
          .filter(path -> path.getId().equals(id))
          .findFirst()
          .orElseThrow();
    }

    private Call.Builder call(Operation operation, Path path, Map<String, String> captures) {
      var call =
          shim.call(operation, path.getId())
              .putAllCaptures(captures)
              .setRequestId("older-" + ++requests);
      path.getPrefetchList().forEach(key -> call.addPrefetched(entry(key, captures)));
      return call;
    }

    private StorageEntry entry(String template, Map<String, ?> values) {
      var key = template;
      for (var value : values.entrySet()) {
        key = key.replace("{" + value.getKey() + "}", String.valueOf(value.getValue()));
      }
      var entry = StorageEntry.newBuilder().setKey(key);
      storage.get(key).ifPresent(found -> entry.setValue(ByteString.copyFrom(found)));
      return entry.build();
    }

    @Override
    public void close() {
      shim.close();
    }
  }
}
