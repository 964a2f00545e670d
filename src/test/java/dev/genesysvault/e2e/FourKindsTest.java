package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.destination.aws.OtherHand;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.PlayedGoogle;
import dev.genesysvault.testing.PrivateCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * One static role whose credential goes to destinations of all four kinds, rotated while an
 * application at each logs in with what that holds, and the mount has more to do. Google's is
 * played, since there is no emulator of it; AWS' is moto's; {@code -Ddestinations.rotations=10} has
 * it rotate that often.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class FourKindsTest {
  private static final int ROTATIONS = Integer.getInteger("destinations.rotations", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ENTRY = "crm";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Stack stack;
  private final OtherVault kv;
  private final MotoServer moto;
  private final PlayedGoogle google;
  private final SteadyRoles roles;
  private final SecretsManagerClient aws;
  private final Map<String, Object> awsSettings = new LinkedHashMap<>();

  FourKindsTest(@TempDir Path folder) throws Exception {
    google = PlayedGoogle.start();
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--proxy=" + google.proxy());
    flags.add("--ca-file=" + PrivateCa.file(folder));
    flags.add("--enable=aws,gcp");
    stack = Stack.start(folder, flags.toArray(String[]::new));
    kv = OtherVault.start(Files.createDirectory(folder.resolve("other")));
    moto = MotoServer.start(Files.createDirectory(folder.resolve("moto")));
    roles = new SteadyRoles(stack);
    awsSettings.put("region", "eu-central-1");
    awsSettings.put("endpoint", moto.address());
    awsSettings.put("sts_endpoint", moto.address());
    awsSettings.put("access_key_id", "AKIA0000000000000001");
    awsSettings.put("secret_access_key", "of-nobody");
    var time = new SystemTime();
    var settings = new LinkedHashMap<String, String>();
    awsSettings.forEach((field, value) -> settings.put(field, String.valueOf(value)));
    aws = OtherHand.at(settings, new HttpTransport(time, Network.ofJvm(List.of())), time);
  }

  @BeforeAll
  void destinations() throws Exception {
    stack.mountReady("genesys");
    write("kv", kv.admit("kv", OtherVault.ENOUGH));
    write("integration", Map.of("kind", "integration_credential"));
    var toAws = new LinkedHashMap<String, Object>(awsSettings);
    toAws.putAll(
        Map.of(
            "kind",
            "aws_secrets_manager",
            "create_secret",
            true,
            "tags",
            Map.of("team", "crm"),
            "on_delete",
            "delete"));
    write("aws", toAws);
    var toGoogle = new LinkedHashMap<String, Object>(google.settings());
    toGoogle.putAll(
        Map.of("create_secret", true, "labels", Map.of("team", "crm"), "on_delete", "delete"));
    write("google", toGoogle);
  }

  @AfterAll
  void stop() throws Exception {
    aws.close();
    moto.close();
    kv.close();
    stack.close();
    google.close();
  }

  private void write(String name, Map<String, Object> fields) throws Exception {
    stack.http.must("genesys/destinations/" + name, fields);
  }

  private static Map<String, Object> entry(String destination, String name) {
    return Map.of("destination", destination, "name", name);
  }

  private static Map<String, String> credential(String text) throws IOException {
    return VaultHttp.credential(MAPPER.readTree(text));
  }

  private Map<String, String> atAws(String label) throws IOException {
    return credential(
        aws.getSecretValue(it -> it.secretId(ENTRY).versionStage(label)).secretString());
  }

  private JsonNode deliveries(String role) throws Exception {
    return roles.status(role).path("destinations");
  }

  private boolean settled(String role) throws Exception {
    for (var delivery : deliveries(role)) {
      if (!delivery.path("state").asText().equals("confirmed")
          || !delivery.path("former_versions").isEmpty()) {
        return false;
      }
    }
    return deliveries(role).size() == 4;
  }

  @Test
  void what_each_holds_logs_in_at_every_moment() throws Exception {
    for (var destination : List.of("aws", "google", "kv")) {
      assertThat(
              stack
                  .http
                  .must(
                      "genesys/destinations/%s/check".formatted(destination),
                      Map.of("name", destination.equals("kv") ? "apps/crm" : ENTRY))
                  .path("data")
                  .path("checks")
                  .toString())
          .contains("log_in\",\"passed\":true");
    }
    var role =
        roles.written(
            "rotation_period",
            "9s",
            "grace_period",
            "4s",
            "stagger",
            "0s",
            "destinations",
            List.of(
                entry("aws", ENTRY),
                entry("google", ENTRY),
                entry("kv", "apps/crm"),
                entry("integration", Seed.CREDENTIAL_ID)));
    Eventually.is("it is everywhere", PATIENCE, () -> settled(role));
    try (var load = new LoadBeside(stack, roles);
        var reader =
            new ReaderElsewhere(
                stack,
                Map.of(
                    "aws", () -> atAws("AWSCURRENT"),
                    "google", () -> credential(google.read(ENTRY)),
                    "kv", () -> VaultHttp.credential(kv.held("apps/crm")),
                    "integration",
                        () -> stack.genesys.integrationCredential(Seed.CREDENTIAL_ID)))) {
      Eventually.is(
          ROTATIONS + " rotations",
          Duration.ofSeconds(60L + 30L * ROTATIONS),
          () -> reader.rotations() >= ROTATIONS);
      stack.http.must("genesys/static-roles/" + role, Map.of("rotation_period", "30d"));
      roles.awaitNothingElse(role);

      System.out.printf(
          "%d rotations read at four kinds of destinations, %s: %d log-ins, %d failures; beside: %s%n",
          reader.rotations(),
          ServerKind.current(),
          reader.logIns(),
          reader.failures().size(),
          load);
      System.out.printf("the sidecar has %d MB%n", stack.sidecarMegabytes());
      assertThat(reader.failures()).isEmpty();
      assertThat(load.refused()).isEmpty();
      assertThat(load.issued()).isGreaterThan(5 * ROTATIONS);
      assertThat(load.rotated()).isGreaterThanOrEqualTo(ROTATIONS);
      assertThat(reader.logIns()).isGreaterThan(20 * ROTATIONS);
    }
    Eventually.is("former versions are out of reach", PATIENCE, () -> settled(role));
    var present = roles.credential(role);
    assertThat(atAws("AWSCURRENT")).isEqualTo(present);
    assertThat(credential(google.read(ENTRY))).isEqualTo(present);
    assertThat(VaultHttp.credential(kv.held("apps/crm"))).isEqualTo(present);
    assertThat(aws.describeSecret(it -> it.secretId(ENTRY)).versionIdsToStages().values())
        .noneMatch(labels -> labels.contains("AWSPREVIOUS"));
    assertThat(google.enabled(ENTRY)).isEqualTo(1);

    roles.delete(role);

    Eventually.is(
        "what is to go is gone",
        PATIENCE,
        () ->
            google.enabled(ENTRY) == 0
                && aws.describeSecret(it -> it.secretId(ENTRY)).deletedDate() != null);
    assertThat(stack.logs())
        .doesNotContain(present.getOrDefault("client_secret", "nothing"), "of-nobody");
  }
}
