package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.UsageCheck;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class EngineDescriptorTest {
  @Test
  void the_current_one_declares_every_path_with_its_defaults() {
    var current = EngineDescriptor.current();

    assertThat(current.pathIds())
        .containsExactly(
            "config",
            "roles/list",
            "roles/name",
            "creds/name",
            "static-roles/list",
            "static-roles/name",
            "static-roles/import",
            "static-roles/status",
            "static-roles/resend",
            "static-creds/name",
            "rotate-role/name",
            "alerts/list",
            "alerts/name",
            "alerts/test",
            "destinations/list",
            "destinations/name",
            "destinations/check",
            "clients/list",
            "clients/key",
            "clients/retry",
            "history/list",
            "history/name",
            "history/id",
            "decommissioned/list",
            "decommissioned/hour",
            "decommissioned/id",
            "drain",
            "status");
    assertThat(current.defaults("config"))
        .containsEntry("verify_connection", true)
        .containsEntry("name_prefix", "vault")
        .containsEntry("revocation", "deferred")
        .containsEntry("force", false);
    assertThat(current.sha256()).hasSize(64);
  }

  @Test
  void the_words_that_it_allows_are_those_that_are_understood() {
    assertThat(allowed("config", "revocation"))
        .containsExactlyInAnyOrder(MountConfig.DEFERRED, MountConfig.STRICT);
    assertThat(allowed("static-roles/name", "usage_check"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(UsageCheck.values()).map(UsageCheck::word).toList());
    assertThat(allowed("static-roles/name", "on_delete"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(OnDelete.values()).map(OnDelete::word).toList());
  }

  private static List<String> allowed(String pathId, String field) {
    var declared = Objects.requireNonNull(DeclaredReplies.sent(pathId).get(field));
    return declared.getAllowedJsonList().stream().map(text -> text.replace("\"", "")).toList();
  }

  @Test
  void every_field_that_it_calls_required_is_asked_for() throws Exception {
    var required = DeclaredReplies.required();

    assertThat(required).containsKeys("config", "static-roles/import");
    for (var path : required.entrySet()) {
      var reply =
          new EngineHarness()
              .write(
                  path.getKey(),
                  Map.of("name", "a", "destination", "a"),
                  Map.of("region", "eu-central-1"));
      assertThat(reply.toString()).as(path.getKey()).contains("Refusal[httpStatus=400");
      assertThat(path.getValue()).as(reply.toString()).anyMatch(reply.toString()::contains);
    }
  }

  @Test
  void no_credential_has_a_member_that_agents_take_for_that_of_a_deleted_secret() {
    for (var path : List.of("creds/name", "static-creds/name")) {
      assertThat(new DeclaredReplies().fields(path, "read"))
          .contains("client_secret", "custom_metadata")
          // Where it is an object without deletion_time: "no secret exists".
          .doesNotContain("metadata");
    }
  }

  @Test
  void an_older_one_is_served_beside_the_current() {
    var older = descriptor("paths { id: \"config\" pattern: \"config\" }");

    assertThat(engine(List.of(EngineDescriptor.current(), older)).descriptors())
        .extracting(EngineDescriptor::sha256)
        .containsExactly(EngineDescriptor.current().sha256(), older.sha256());
  }

  @Test
  void an_older_one_is_served_with_its_own_paths_and_limits_and_the_current_defaults() {
    var older =
        descriptor(
            "paths { id: \"config\" fields { name: \"name_prefix\" type: FIELD_TYPE_STRING max_bytes: 3 default_json: \"\\\"old\\\"\" } }");

    var served = engine(List.of(EngineDescriptor.current(), older)).descriptors().getLast();

    assertThat(served.sha256()).isEqualTo(older.sha256());
    assertThat(served.pathIds()).containsExactly("config");
    assertThat(served.defaults("config")).isEqualTo(EngineDescriptor.current().defaults("config"));
    assertThatThrownBy(() -> fields(served, "{\"name_prefix\":\"long\"}"))
        .hasMessageContaining("at most 3 are allowed");
    assertThat(fields(served, "{}").textDefault("name_prefix")).isEqualTo("vault");
  }

  private static Fields fields(EngineDescriptor descriptor, String json) {
    return descriptor.fields("config", Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_path_without_a_handler_fails_the_start() {
    var unknown = descriptor("paths { id: \"unheard/of\" pattern: \"x\" }");

    assertThatThrownBy(() -> engine(List.of(unknown)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unheard/of");
    assertThatThrownBy(() -> engine(List.of(EngineDescriptor.current(), unknown)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("older descriptor");
  }

  @Test
  void a_handler_without_a_path_fails_the_start() {
    var fewer = descriptor("paths { id: \"config\" pattern: \"config\" }");

    assertThatThrownBy(() -> engine(List.of(fewer)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("status");
  }

  @Test
  void one_that_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> descriptor("nonsense")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> descriptor("paths { id: \"a\" } paths { id: \"a\" }"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("declared twice");
  }

  private static EngineDescriptor descriptor(String text) {
    return EngineDescriptor.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Engine engine(List<EngineDescriptor> descriptors) {
    return new Engine(
        new Instance("i", "v", FakeTime.START),
        descriptors,
        new FakeGenesys(),
        List.of(),
        Receivers.NONE,
        new Doors(
            new FakeTime(),
            new VirtualThreadTasks(),
            new SystemLocks(),
            new SeededRandomness(),
            StepTrail.inMemory(new FakeTime(), new SystemLocks())),
        Delays.STANDARD);
  }
}
