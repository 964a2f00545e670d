package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What idle static roles cost: {@code mvn verify -Dit.test=StaticRolesBenchmark -DskipUnitTests},
 * with {@code -DstaticRoles=1000} for fewer. One role is made, and its storage copied under other
 * names. Not a test: it prints, and fails only where the session does not open.
 */
final class StaticRolesBenchmark {
  private static final int ROLES = Integer.getInteger("staticRoles", 10_000);
  private static final int WRITERS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  @Timeout(1_800)
  void opens_and_idles(@TempDir Path folder) throws Exception {
    try (var stack = Stack.start(folder, "--propagation-delay=1s")) {
      stack.mountReady("genesys");
      copies(stack);

      stack.killSidecar();
      stack.startSidecar();
      stack.awaitSidecar();
      opened("new sidecar", stack);
      stack.vault.killPlugins();
      Eventually.is(
          "a plugin is back", PATIENCE, () -> stack.http.get("genesys/config").status() == 200);
      opened("sidecar that is warm", stack);

      var sidecar = ProcessHandle.of(stack.sidecarPid()).orElseThrow();
      int calls = stack.genesys.count();
      var busy = sidecar.info().totalCpuDuration().orElse(Duration.ZERO);
      Thread.sleep(Duration.ofMinutes(1));
      System.out.printf(
          "an idle minute with %d static roles: %d calls to Genesys, %d ms of the sidecar's CPU%n",
          ROLES,
          stack.genesys.count() - calls,
          sidecar.info().totalCpuDuration().orElse(busy).minus(busy).toMillis());
    }
  }

  private static void copies(Stack stack) throws Exception {
    stack.http.must(
        "genesys/static-roles/role-0",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d"));
    var uuid = stack.http.data("sys/mounts/genesys").path("uuid").asText();
    var raw = "sys/raw/logical/" + uuid + "/";
    var role = value(stack, raw + "static-roles/role-0");
    var credential = value(stack, raw + "static-creds/role-0");
    var writes = new ArrayList<Callable<JsonNode>>();
    for (int i = 1; i < ROLES; i++) {
      var name = "role-" + i;
      writes.add(() -> stack.http.must(raw + "static-creds/" + name, Map.of("value", credential)));
      writes.add(() -> stack.http.must(raw + "static-roles/" + name, Map.of("value", role)));
    }
    try (var writers = Executors.newFixedThreadPool(WRITERS)) {
      for (var written : writers.invokeAll(writes)) {
        var _ = written.get();
      }
    }
  }

  private static String value(Stack stack, String path) throws Exception {
    return stack.http.data(path).path("value").asText();
  }

  private static void opened(String how, Stack stack) throws Exception {
    long begun = System.nanoTime();
    Eventually.is(
        "every static role is known",
        PATIENCE,
        () ->
            staticRoles(stack).path("loaded").asBoolean()
                && staticRoles(stack).path("known").asInt() == ROLES);
    var memory =
        Files.readAllLines(Path.of("/proc/" + stack.sidecarPid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("");
    System.out.printf(
        "opening with %d static roles, %s: %.1f s; %s%n",
        ROLES, how, (System.nanoTime() - begun) / 1e9, memory.replaceAll("\\s+", " "));
  }

  private static JsonNode staticRoles(Stack stack) throws Exception {
    return stack.http.get("genesys/status").body().path("data").path("static_roles");
  }
}
