package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is too large in ways that the sizes of fields do not say, and what comes from Genesys. */
final class TooLargeTest {
  private final EngineHarness vault = new EngineHarness();

  @BeforeEach
  void configure() throws Exception {
    vault.configure();
  }

  @Test
  void a_text_of_many_pairs_counts_each_of_them() throws Exception {
    var pairs = "role-1:*,".repeat(1_000) + "role-1:*";

    assertThat(refused("roles/name", Map.of("role_divisions", List.of(pairs))))
        .isEqualTo("role_divisions has more than 1000 pairs; no more are allowed");
  }

  @Test
  void a_template_with_too_many_pairs_is_refused() throws Exception {
    var pairs =
        IntStream.rangeClosed(0, 1_000)
            .mapToObj(i -> new RoleDivision("role-" + i, "*"))
            .collect(Collectors.toSet());
    vault.genesys.hold("template-1", body(pairs, Map.of()));

    assertThat(refused("roles/name", Map.of("template_client_id", "template-1")))
        .contains("client template-1, which has 1001 roles and divisions; at most 1000");
  }

  @Test
  void a_template_with_too_much_beside_its_pairs_is_refused() throws Exception {
    vault.genesys.hold(
        "template-1",
        body(Set.of(new RoleDivision("role-1", "*")), Map.of("note", List.of("x".repeat(70_000)))));

    assertThat(refused("roles/name", Map.of("template_client_id", "template-1")))
        .containsPattern("which has properties of 70[0-9]{3} bytes; at most 65536 are allowed");
  }

  @Test
  void a_client_that_is_too_large_to_copy_is_not_imported() throws Exception {
    var write =
        vault.write(
            "static-roles/name",
            Map.of("name", "steady"),
            Map.of("rotation_period", 86_400, "defer_initial_creds", true));
    assertThat(write).isInstanceOf(Reply.Nothing.class);
    var id =
        vault.genesys.hold(
            "imported",
            body(Set.of(new RoleDivision("role-1", "*")), Map.of("note", "x".repeat(70_000))));

    vault.genesys.allow(new Credential(id, Secret.of("its-s3cret")));

    assertThat(
            refusal(
                vault.write(
                    "static-roles/import",
                    Map.of("name", "steady"),
                    Map.of("client_id", "imported", "client_secret", "its-s3cret")),
                400))
        .contains("client imported, which has properties of");
  }

  @Test
  void a_duration_beyond_a_century_is_refused() throws Exception {
    assertThat(refused("config", Map.of("ttl", Long.MAX_VALUE)))
        .isEqualTo("ttl is 9223372036854775807 seconds; must be at most 3153600000");
  }

  @Test
  void a_long_cron_expression_is_not_looked_at() throws Exception {
    assertThat(
            refused(
                "static-roles/name",
                Map.of(
                    "role_divisions",
                    List.of("role-1:*"),
                    "rotation_schedule",
                    "*/1,".repeat(150_000))))
        .isEqualTo("rotation_schedule: it has 600000 characters; at most 256 are allowed");
  }

  @Test
  void a_refusal_shows_the_beginning_of_what_it_refuses() throws Exception {
    assertThat(refused("roles/name", Map.of("role_divisions", List.of(":" + "x".repeat(100_000)))))
        .hasSizeLessThan(500)
        .contains(":xxx");
    assertThat(refused("roles/name", Map.of("role_divisions", List.of("x".repeat(100_000)))))
        .hasSizeLessThan(500);
    assertThat(
            refused(
                "roles/name", Map.of("role_divisions", List.of(Map.of("x".repeat(100_000), "y")))))
        .hasSizeLessThan(500);
  }

  @Test
  void a_long_list_of_what_is_missing_is_cut() throws Exception {
    var wanted = IntStream.range(0, 500).mapToObj(i -> "unheld-%03d:*".formatted(i)).toList();

    assertThat(refused("roles/name", Map.of("role_divisions", wanted)))
        .contains("unheld-009:*] and 490 more")
        .hasSizeLessThan(600);
  }

  private String refused(String path, Map<String, Object> fields) throws InterruptedException {
    return refusal(vault.write(path, Map.of("name", "demo"), fields), 400);
  }

  private static ClientBody body(Set<RoleDivision> pairs, Map<String, Object> properties) {
    return ClientBody.of(new ClientName("template"), "", Duration.ofHours(1), pairs, properties);
  }
}
