package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.Bystander;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The worst that a caller can send through a real Vault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LimitsTest {
  private static final Duration MOST_CPU = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Stack stack;

  LimitsTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    stack.mountReady("other");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void is_refused_by_name_size_and_limit_and_holds_up_nobody() throws Exception {
    var worst = new TreeMap<String, Map<String, ?>>();
    worst.put(
        "config", Map.of("api_url", "/".repeat(900_000), "client_secret", "\n".repeat(400_000)));
    worst.put("roles/a", Map.of("metadata", Map.of("note", "x".repeat(900_000))));
    worst.put("roles/b", Map.of("client_properties", Collections.nCopies(9_999, List.of())));
    worst.put("roles/c", Map.of("client_properties", nested(200)));
    worst.put("roles/d", Map.of("role_divisions", List.of(",".repeat(900_000))));
    worst.put("static-roles/e", Map.of("rotation_schedule", "* ".repeat(300_000)));
    var bystander = new Bystander(() -> stack.http.get("other/roles/demo").status() == 200);
    try (bystander) {
      for (var each : worst.entrySet()) {
        var before = cpu();
        var answer = stack.http.put("genesys/" + each.getKey(), each.getValue());

        assertThat(answer.status()).as("%s: %s", each.getKey(), answer.errors()).isEqualTo(400);
        assertThat(answer.errors()).contains("at most").hasSizeLessThan(2_000);
        assertThat(cpu().minus(before)).as(each.getKey()).isLessThan(MOST_CPU);
      }
    }
    assertThat(bystander.trouble()).as("what became of another mount").isEmpty();
    assertThat(bystander.longest()).as("how long it waited").isLessThan(LONGEST_WAIT);

    // Vault's listener may refuse it itself, where it bounds what JSON may hold.
    var body = Map.of("metadata", Map.of("note", "x".repeat(30_000_000)));
    assertThat(stack.http.put("genesys/roles/f", body).status()).isIn(400, 413, 500);
    assertThat(stack.http.get("genesys/roles/demo").status()).isEqualTo(200);
    assertThat(stack.http.get("other/creds/demo").status()).isEqualTo(200);
  }

  private static Object nested(int depth) {
    Object value = "end";
    for (int i = 0; i < depth; i++) {
      value = Map.of("a", value);
    }
    return value;
  }

  /** Returns what plugin and sidecar have taken together so far. */
  private Duration cpu() {
    var plugins = stack.vault.processes().stream().skip(1).toList();
    assertThat(plugins).as("processes of the plugin").isNotEmpty();
    return Stream.concat(plugins.stream(), ProcessHandle.of(stack.sidecarPid()).stream())
        .map(process -> process.info().totalCpuDuration().orElseThrow())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
