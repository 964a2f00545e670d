package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rotation function for AWS Secrets Manager, as Secrets Manager calls it: its own tests, which
 * play that, get this Vault.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class AwsLambdaTest {
  private static final Path FUNCTION = Path.of("integrations/aws-lambda").toAbsolutePath();

  /** One for each rotation: most are of the one test that interrupts each of its calls. */
  private static final int ROLES = 70;

  private static final String POLICY =
      """
      path "genesys/rotate-role/steady-*"         { capabilities = ["update"] }
      path "genesys/static-creds/steady-*"        { capabilities = ["read"] }
      path "genesys/static-roles/steady-*"        { capabilities = ["read"] }
      path "genesys/static-roles/steady-*/status" { capabilities = ["read"] }
      path "genesys/destinations/*"               { capabilities = ["read"] }
      """;

  private final Path folder;
  private final Stack stack;

  AwsLambdaTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.stack = Stack.startHasty(folder);
    stack.mountReady("genesys");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void its_tests_pass_against_this_vault() throws Exception {
    var roles = new SteadyRoles(stack);
    var names = new ArrayList<String>();
    for (int i = 0; i < ROLES; i++) {
      names.add(roles.written());
    }
    stack.http.must("sys/auth/approle", Map.of("type", "approle"));
    stack.http.must("sys/policies/acl/rotation", Map.of("policy", POLICY));
    stack.http.must("auth/approle/role/rotation", Map.of("token_policies", "rotation"));
    var secretId = stack.http.must("auth/approle/role/rotation/secret-id", Map.of()).path("data");

    var output =
        run(
            Map.of(
                "VAULT_ADDR",
                stack.vault.address(),
                "VAULT_ROLE_ID",
                stack.http.data("auth/approle/role/rotation/role-id").path("role_id").asText(),
                "TEST_SECRET_ID",
                secretId.path("secret_id").asText(),
                "TEST_TOKEN",
                stack.vault.rootToken(),
                "TEST_GENESYS",
                stack.simulator.apiUrl().toString(),
                "TEST_ROLES",
                String.join(",", names)),
            python(),
            "-m",
            "unittest",
            "-v");

    System.out.println(output);
    assertThat(output).contains("OK").doesNotContain("skipped");
  }

  private String python() throws IOException, InterruptedException {
    return run(Map.of(), FUNCTION.resolve("test-env").toString())
        .strip()
        .lines()
        .toList()
        .getLast();
  }

  private String run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var output = Files.createTempFile(folder, "output", ".txt");
    var builder =
        new ProcessBuilder(List.of(command))
            .directory(FUNCTION.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    // No proxy leads to the simulator, and no compiled file is left beside the source.
    builder.environment().putAll(Map.of("NO_PROXY", "*", "PYTHONDONTWRITEBYTECODE", "1"));
    int status = builder.start().waitFor();
    var text = Files.readString(output);
    assertThat(status).as(text).isZero();
    return text;
  }
}
