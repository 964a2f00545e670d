package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import io.github.jopenlibs.vault.api.Auth.TokenRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in pages, as a server passes them on: GET with {@code list=true}, and LIST. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PagedListsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String GET = "GET";

  private final Stack stack;

  PagedListsTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder, "--propagation-delay=1s");
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    for (var name : List.of("A", "a", "a-1", "z_z")) {
      stack.http.must(
          "genesys/roles/" + name,
          Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1h"));
      stack.client.logical().read("genesys/creds/" + name);
      stack.http.must(
          "genesys/static-roles/" + name,
          Map.of("rotation_period", "30d", "defer_initial_creds", true));
    }
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @ParameterizedTest
  @CsvSource({
    "roles, GET",
    "roles, LIST",
    "static-roles, GET",
    "static-roles, LIST",
    "clients, GET",
    "clients, LIST"
  })
  void are_walked_through_and_end_with_404(String folder, String verb) throws Exception {
    var whole = keys(page(verb, folder, "", ""));
    assertThat(whole).hasSizeGreaterThanOrEqualTo(4).isSorted();
    var seen = new ArrayList<String>();

    var page = page(verb, folder, "", "3");
    while (page.status() == 200 && seen.size() <= whole.size()) {
      assertThat(keys(page)).hasSizeBetween(1, 3);
      seen.addAll(keys(page));
      page = page(verb, folder, seen.getLast(), "3");
    }

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.errors()).isEqualTo("[]");
    assertThat(seen).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''   | ''                  | A a a-1 demo z_z
          ''   | -1                  | A a a-1 demo z_z
          ''   | 0                   | A a a-1 demo z_z
          ''   | 1000000000000000000 | A a a-1 demo z_z
          Z    | 2                   | a a-1
          a    | 2                   | a-1 demo
          a/   | ''                  | demo z_z
          é    | 1                   | ''
          zzzz | ''                  | ''
          """)
  void begin_after_a_key_that_need_not_be_there(String after, String limit, String keys)
      throws Exception {
    assertThat(String.join(" ", keys(page(GET, "roles", after, limit)))).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=many", "limit=1.5", "limit=99999999999999999999", "limit=1&limit=2"})
  void refuse_a_limit_that_is_no_number(String query) throws Exception {
    var answer = stack.http.listVerb("genesys/clients?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors())
        .contains("limit", "must be a whole number up to 9223372036854775807");
  }

  @Test
  void refuse_a_key_that_is_longer_than_any() throws Exception {
    var answer = page(GET, "static-roles", "k".repeat(513), "2");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors()).contains("after", "513 bytes; at most 512 are allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clients", "static-roles"})
  void tell_of_what_is_on_the_page_and_of_nothing_else(String folder) throws Exception {
    Eventually.is(
        "everything is told of",
        PATIENCE,
        () -> page(GET, folder, "", "").body().path("data").path("key_info").size() >= 4);
    var keys = keys(page(GET, folder, "", ""));

    var page = page("LIST", folder, keys.getFirst(), "2");

    assertThat(keys(page)).isEqualTo(keys.subList(1, 3));
    assertThat(page.body().path("data").path("key_info").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(keys.subList(1, 3));
    assertThat(page.body().path("warnings").isNull()).as(page.body().toString()).isTrue();
  }

  @Test
  void have_flags_in_the_servers_client() throws Exception {
    assumeTrue(ServerKind.current().knowsPages(), "Vault knows no pages");

    assertThat(stack.vault.cli("list", "-format=json", "-after=A", "-limit=2", "genesys/roles"))
        .isEqualToIgnoringWhitespace("[\"a\",\"a-1\"]");
    assertThat(stack.vault.cli("list", "-format=json", "-after=a-1", "genesys/roles"))
        .isEqualToIgnoringWhitespace("[\"demo\",\"z_z\"]");
  }

  @Test
  void are_bounded_by_a_policy() throws Exception {
    assumeTrue(ServerKind.current().knowsPages(), "Vault knows no pages");
    var rule = "path \"genesys/roles\" { capabilities = [\"list\"] pagination_limit = 2 }";
    stack.http.must("sys/policies/acl/bounded", Map.of("policy", rule));
    var token =
        stack
            .client
            .auth()
            .createToken(new TokenRequest().ttl("1h").polices(List.of("bounded")))
            .getAuthClientToken();

    assertThat(stack.clientWith(token).logical().list("genesys/roles").getListData())
        .containsExactly("A", "a");
  }

  private VaultHttp.Answer page(String verb, String folder, String after, String limit)
      throws Exception {
    var path =
        "genesys/%s?after=%s&limit=%s"
            .formatted(folder, URLEncoder.encode(after, StandardCharsets.UTF_8), limit);
    return verb.equals(GET) ? stack.http.get(path + "&list=true") : stack.http.listVerb(path);
  }

  private static List<String> keys(VaultHttp.Answer page) {
    return StreamSupport.stream(page.body().path("data").path("keys").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
