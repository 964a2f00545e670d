package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Genesys, or somebody in its place, makes of a create and an end, with a real Vault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MadeAndEndedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLIENT = "/api/v2/oauth/clients/{clientId}";
  private static final String SECOND_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_HOME;
  private static final Map<String, Object> AS_SENT =
      Map.of(
          "division_dropped_on_create", "no",
          "letter_case", "kept",
          "outside_latin_1", "kept",
          "white_space_inside", "kept",
          "white_space_at_ends", "kept",
          "correlation_id", "sent",
          "pairs_shown", "as kept",
          "list_page_size", "0",
          "list_pages", "differ",
          "list_next_uri", "path");

  private final Stack stack;
  private List<String> before = List.of();

  MadeAndEndedTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder, "--longest-request=4s", "--visibility-delay=2s");
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    before = stack.genesys.clientIds();
    stack.http.must(
        "genesys/roles/two",
        Map.of(
            "role_divisions",
            SimulatedOrganization.HELD_PAIR + "," + SECOND_PAIR,
            "name_template",
            "M\u00fcller of {{display_name}}"));
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    stack.genesys.turn(AS_SENT);
    stack.genesys.forgetRequests();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_client_that_lacks_a_pair_is_not_handed_out_and_goes() throws Exception {
    stack.genesys.turn(Map.of("division_dropped_on_create", "yes"));

    var answer = stack.http.get("genesys/creds/two");

    System.out.println("a pair was dropped: " + answer.errors());
    assertThat(answer.status()).isEqualTo(424);
    assertThat(answer.errors()).contains("roleDivisions lacks", "correlation id ");
    assertThat(List.of(SimulatedOrganization.HELD_PAIR, SECOND_PAIR))
        .anyMatch(answer.errors()::contains);
    assertThat(stack.genesys.count("POST", "/api/v2/oauth/clients")).isEqualTo(1);
    nothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "pairs_shown, reversed",
    "pairs_shown, twice",
    "pairs_shown, upper case",
    "letter_case, upper",
    "outside_latin_1, replaced",
    "white_space_inside, collapsed"
  })
  void what_is_only_shown_otherwise_is_handed_out(String knob, String value) throws Exception {
    stack.genesys.turn(Map.of(knob, value));

    var lease = stack.client.logical().read("genesys/creds/two");

    assertThat(stack.logsIn(lease.getData())).isTrue();
    revoke(lease.getLeaseId());
    nothingIsLeft();
  }

  @Test
  void a_lost_create_is_found_whatever_became_of_its_name() throws Exception {
    stack.genesys.turn(
        Map.of(
            "letter_case", "upper",
            "outside_latin_1", "replaced",
            "white_space_inside", "collapsed",
            "white_space_at_ends", "trimmed"));
    lose();

    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "address"})
  void a_lost_create_is_found_on_whichever_page_of_the_list_it_stands(String next)
      throws Exception {
    stack.genesys.turn(Map.of("list_page_size", "1", "list_next_uri", next));
    lose();

    nothingIsLeft();

    // The client of the last page was found, so that every page was asked for.
    assertThat(stack.genesys.count("GET", "/api/v2/oauth/clients")).isGreaterThan(before.size());
  }

  @ParameterizedTest
  @CsvSource({"list_pages, same", "list_next_uri, elsewhere"})
  void a_list_that_is_not_whole_makes_nobody_forget_what_it_may_have_made(String knob, String value)
      throws Exception {
    stack.genesys.turn(Map.of("list_page_size", "1", knob, value));
    lose();

    // Longer than it takes until a whole list without the client would end the search.
    Eventually.is(
        "the record says why it stays",
        PATIENCE,
        () -> record().path("last_error").asText().contains("is not whole"));
    var lists = stack.genesys.count("GET", "/api/v2/oauth/clients");
    Eventually.is(
        "nothing that is made now can turn up later",
        PATIENCE,
        () ->
            Duration.between(Instant.parse(record().path("created_time").asText()), Instant.now())
                        .compareTo(Duration.ofSeconds(8))
                    > 0
                && stack.genesys.count("GET", "/api/v2/oauth/clients") > lists);
    assertThat(record().path("state").asText()).isEqualTo("creating");
    assertThat(stack.logs()).contains("is not whole: nothing is taken for gone");
    assertThat(stack.genesys.clientIds()).hasSize(before.size() + 1);

    stack.genesys.turn(AS_SENT);
    nothingIsLeft();
  }

  /**
   * Loses the answer to a create, and to the look that follows it: all that is left is a record.
   */
  private void lose() throws Exception {
    stack.genesys.arm(
        Map.of("method", "POST", "path", "/api/v2/oauth/clients", "reply_lost", true));
    stack.genesys.arm(
        Map.of("method", "GET", "path", "/api/v2/oauth/clients", "status", 503, "count", 1));

    assertThat(stack.http.get("genesys/creds/two").status()).isEqualTo(504);
    assertThat(stack.genesys.clientIds()).hasSize(before.size() + 1);
  }

  private JsonNode record() throws Exception {
    return stack.http.data("genesys/clients/" + stack.http.list("genesys/clients").getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE"})
  void a_gateway_that_answers_in_genesys_place_ends_no_record(String method) throws Exception {
    var lease = stack.client.logical().read("genesys/creds/two");
    stack.genesys.arm(
        Map.of("method", method, "path", CLIENT, "status", 204, "gateway", true, "count", 2));

    revoke(lease.getLeaseId());

    assertThat(stack.genesys.clientIds()).hasSize(before.size() + 1);
    var keys = stack.client.logical().list("genesys/clients").getListData();
    assertThat(keys).hasSize(1);
    nothingIsLeft();
  }

  @Test
  void a_gateway_that_strips_the_correlation_id_is_looked_behind() throws Exception {
    stack.genesys.turn(Map.of("correlation_id", "lost"));
    var lease = stack.client.logical().read("genesys/creds/two");
    stack.genesys.forgetRequests();

    revoke(lease.getLeaseId());

    nothingIsLeft();
    assertThat(stack.genesys.count("GET", CLIENT)).isGreaterThanOrEqualTo(2);
  }

  private void nothingIsLeft() throws Exception {
    Eventually.is(
        "client and record are gone",
        PATIENCE,
        () ->
            stack.genesys.clientIds().equals(before)
                && stack.http.get("genesys/clients?list=true").status() == 404);
  }

  private void revoke(String leaseId) throws Exception {
    stack.http.must("sys/leases/revoke", Map.of("lease_id", leaseId, "sync", true));
  }
}
