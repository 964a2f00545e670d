package dev.genesysvault.vaultapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for Vault's answer, and for how long one is waited for. */
@Timeout(60)
final class VaultApiTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Map<String, String> HTML = Map.of("Content-Type", "text/html");

  private final PlayedVault vault = new PlayedVault();
  private final FakeTime time = new FakeTime();
  private final Pace pace = new Pace(time, 1_000_000);
  private final VaultApi api = new VaultApi(vault.access(), time, pace);

  VaultApiTest() throws IOException {}

  @AfterEach
  void stop() {
    vault.close();
  }

  private Duration slept() {
    return time.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Test
  void only_vaults_own_empty_404_says_that_there_is_nothing() throws Exception {
    vault
        .on("GET none", 404, Map.of("errors", List.of()))
        .on("GET no-mount", 404, Map.of("errors", List.of("no handler for route")))
        .on("GET gateway", 404, Map.of("message", "not found"))
        .onRaw("GET list", 404, "[]", Map.of())
        .onRaw("GET empty", 404, "", Map.of())
        .onRaw("GET page", 404, "<html>none</html>", HTML);

    assertThat(api.get("none").nothing()).isTrue();
    for (var other : List.of("no-mount", "gateway", "list", "empty", "page")) {
      assertThat(api.get(other)).as(other).returns(false, Answer::nothing);
    }
    assertThat(api.get("page").errors())
        .singleElement()
        .asString()
        .contains(
            "HTTP 404 is no JSON of Vault's but text/html", "not Vault's answer", "VAULT_ADDR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>log in</html>", "", "[1]", "\"text\"", "{\"data\":"})
  void a_success_that_is_no_object_of_json_is_none(String body) throws Exception {
    vault.onRaw("GET page", 200, body, HTML);

    assertThat(api.get("page")).returns(false, Answer::success);
    assertThat(api.get("page").errors()).singleElement().asString().contains("not Vault's answer");
  }

  @Test
  void a_success_without_a_body_is_one_where_vault_has_none() throws Exception {
    vault.onRaw("DELETE role", 204, "", Map.of());

    assertThat(api.delete("role").success()).isTrue();
  }

  @Test
  void a_body_that_is_too_large_is_not_read_to_its_end() throws Exception {
    var large = " ".repeat(VaultApi.LARGEST_BODY + 1);
    vault.onRaw("GET large", 200, large, Map.of());

    assertThat(api.get("large"))
        .returns(false, Answer::success)
        .satisfies(answer ->
            assertThat(answer.errors())
                .singleElement()
                .asString()
                .contains("has more than 33,554"));
  }

  @Test
  void a_standby_may_lead_to_its_leader_once_and_no_page_may_lead_elsewhere() throws Exception {
    var here = vault.access().address();
    vault
        .onRaw("GET standby", 307, "", Map.of("Location", here + "/v1/leader"))
        .on("GET leader", 200, Map.of("data", Map.of("a", 1)))
        .onRaw("GET circle", 307, "", Map.of("Location", here + "/v1/circle"))
        .onRaw("GET log-in", 302, "", Map.of("Location", "http://localhost:1/sso"));

    assertThat(api.get("standby").data().path("a").asInt()).isEqualTo(1);
    assertThat(vault.asked("GET leader"))
        .extracting(PlayedVault.Asked::token)
        .containsOnly("t0ken");
    for (var lost : List.of("circle", "log-in")) {
      assertThat(api.get(lost).errors())
          .singleElement()
          .asString()
          .contains("leads elsewhere", "not Vault's answer");
    }
    assertThat(vault.asked("GET circle")).hasSize(2);
  }

  @Test
  void whoever_is_impatient_waits_for_a_sealed_vault_once_and_not_for_each_path() throws Exception {
    var hasty = VaultApi.impatient(vault.access(), time, pace, MINUTE.multipliedBy(2));
    for (var path : List.of("a", "b", "c")) {
      vault.on("GET " + path, 503, Map.of("errors", List.of("Vault is sealed")));
      assertThat(hasty.get(path)).returns(503, Answer::status).returns(true, Answer::unanswered);
    }

    assertThat(slept()).isBetween(MINUTE, MINUTE.multipliedBy(2));
    assertThat(vault.asked("GET c")).hasSize(1);
  }

  @Test
  void a_vault_that_comes_back_in_time_was_waited_for() throws Exception {
    var hasty = VaultApi.impatient(vault.access(), time, pace, MINUTE.multipliedBy(2));
    vault
        .on("GET a", 503, Map.of("errors", List.of("Vault is sealed")))
        .onRaw("GET a", 502, "<html>bad gateway</html>", HTML)
        .on("GET a", 200, Map.of("data", Map.of()));

    assertThat(hasty.get("a").success()).isTrue();
  }

  @Test
  void a_limit_is_waited_out_however_impatient() throws Exception {
    var hasty = VaultApi.impatient(vault.access(), time, pace, MINUTE.multipliedBy(2));
    for (var path : List.of("a", "b", "c", "d")) {
      vault.onRaw("GET " + path, 429, "", Map.of("Retry-After", "50"));
      vault.on("GET " + path, 200, Map.of("data", Map.of()));
      assertThat(hasty.get(path).success()).isTrue();
    }
  }
}
