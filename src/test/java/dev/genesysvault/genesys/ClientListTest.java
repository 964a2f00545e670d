package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.upstream.ClientListHealth;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.Searched;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from a list, and what does not. */
final class ClientListTest {
  private static final String LIST = Operation.LIST.request();
  private static final String NEXT = "/api/v2/oauth/clients?pageNumber=2&pageSize=2";

  private final Connected to = new Connected();

  private Searched search() throws InterruptedException {
    return value(to.genesys.clients().search(_ -> true, to.soon()));
  }

  private static String page(int total, String nextUri, String... ids) {
    return Stream.of(ids)
        .map("{\"id\":\"%s\",\"name\":\"n\",\"state\":\"active\"}"::formatted)
        .collect(
            Collectors.joining(
                ",",
                "{\"entities\":[",
                "],\"total\":%d%s}"
                    .formatted(
                        total, nextUri.isEmpty() ? "" : ",\"nextUri\":\"" + nextUri + "\"")));
  }

  private static Stream<String> ids(Searched searched) {
    return searched.found().stream().map(client -> client.id().value());
  }

  @Test
  void shows_of_each_client_what_it_is_recognised_by() throws Exception {
    to.transport.on(
        LIST,
        reply(
            200,
            """
            {"pageSize":2,"entities":[
              {"roleDivisions":[{"roleId":"r","divisionId":"*"}],"id":"a","description":"{]\\"",
               "name":"one \\u00e9","deep":{"id":"no","name":["no"]},"state":"inactive"},
              {"id":"b"}],"total":2,"pageCount":1,"selfUri":"/x"}
            """));

    var searched = search();

    assertThat(searched.found())
        .containsExactly(
            new ListedClient(new ClientId("a"), "one é", "inactive"),
            new ListedClient(new ClientId("b"), "", ""));
    assertThat(searched.conclusive()).isTrue();
    assertThat(searched.begun()).isEqualTo(to.time.now());
  }

  @Test
  void keeps_what_is_looked_for_alone() throws Exception {
    to.transport.on(LIST, reply(200, page(3, "", "a", "b", "c")));

    var searched =
        value(to.genesys.clients().search(client -> client.id().value().equals("b"), to.soon()));

    assertThat(ids(searched)).containsExactly("b");
  }

  @Test
  void follows_its_pages() throws Exception {
    to.transport
        .on(LIST, reply(200, page(5, NEXT, "a", "b")))
        .on(LIST, reply(200, page(5, "https://API.example.test" + NEXT, "c", "d")))
        .on(LIST, reply(200, page(5, "", "e")));

    var searched = search();

    assertThat(ids(searched)).containsExactly("a", "b", "c", "d", "e");
    assertThat(searched.doubt()).isEmpty();
    assertThat(to.transport.last().uri().getQuery()).isEqualTo("pageNumber=2&pageSize=2");
  }

  @Test
  void follows_its_pages_behind_a_gateways_path() throws Exception {
    var gateway =
        new Connected(
            new SystemLocks(),
            new FakeTime(),
            "https://gw.example.test:8443/genesys/api",
            "https://login.example.test",
            1);
    var list = "GET /genesys/api/api/v2/oauth/clients";
    gateway
        .transport
        .on(list, reply(200, page(2, "/api/v2/oauth/clients?cursor=a%2Fb", "a")))
        .on(list, reply(200, page(2, "", "b")));

    var searched = value(gateway.genesys.clients().search(_ -> true, gateway.soon()));

    assertThat(ids(searched)).containsExactly("a", "b");
    assertThat(gateway.transport.last().uri().toString())
        .isEqualTo("https://gw.example.test:8443/genesys/api/api/v2/oauth/clients?cursor=a%2Fb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example.test/api/v2/oauth/clients?pageNumber=2",
        "http://api.example.test/api/v2/oauth/clients?pageNumber=2",
        "https://api.example.test:444/api/v2/oauth/clients?pageNumber=2",
        "https://user@api.example.test/api/v2/oauth/clients?pageNumber=2",
        "//elsewhere.example.test/api/v2/oauth/clients?pageNumber=2",
        "/api/v2/oauth/clients/../../v2/users?pageNumber=2",
        "/api/v2/users?pageNumber=2",
        "/api/v2/oauth/clients",
        "/api/v2/oauth/clients?a=1&a=2",
        "/api/v2/oauth/clients?pageNumber=%zz",
        "pageNumber=2",
        "file:///api/v2/oauth/clients?pageNumber=2",
        "mailto:x?pageNumber=2"
      })
  void asks_nobody_else_for_a_page_and_concludes_nothing(String nextUri) throws Exception {
    to.transport.on(LIST, reply(200, page(1, nextUri, "a")));

    var searched = search();

    assertThat(ids(searched)).containsExactly("a");
    assertThat(searched.doubt()).contains("next page is not at this API's own address");
    assertThat(to.transport.asked()).filteredOn(LIST::equals).hasSize(1);
  }

  @Test
  void concludes_nothing_where_a_page_repeats_what_came_before() throws Exception {
    to.transport
        .on(LIST, reply(200, page(4, NEXT, "a", "b")))
        .on(LIST, reply(200, page(4, NEXT, "a", "b")));

    var searched = search();

    assertThat(ids(searched)).containsExactly("a", "b");
    assertThat(searched.doubt()).contains("some of them twice: ");
    assertThat(to.transport.asked()).filteredOn(LIST::equals).hasSize(2);
  }

  @Test
  void concludes_nothing_where_it_shows_fewer_than_it_says() throws Exception {
    to.transport
        .on(LIST, reply(200, page(4, NEXT, "a", "b")))
        .on(LIST, reply(200, page(3, "", "c")));

    assertThat(search().doubt())
        .isEqualTo(
            "Genesys' list of clients is not whole: it shows 3 clients and says that there are 4");
  }

  @Test
  void concludes_nothing_where_it_does_not_say_where_it_goes_on() throws Exception {
    to.transport.on(LIST, reply(200, "{\"entities\":[{\"id\":\"a\"}],\"pageCount\":2}"));

    assertThat(search().doubt()).contains("does not say where its next page is");
  }

  @Test
  void what_has_no_id_is_not_one_of_those_that_it_says_there_are() throws Exception {
    to.transport.on(
        LIST, reply(200, "{\"entities\":[{\"id\":\"a\"},{\"name\":\"x\"},7],\"total\":3}"));

    assertThat(search().conclusive()).isFalse();
  }

  @Test
  void an_empty_page_that_goes_on_ends_a_list_that_is_whole() throws Exception {
    to.transport.on(LIST, reply(200, page(1, NEXT, "a"))).on(LIST, reply(200, page(1, NEXT)));

    assertThat(search().conclusive()).isTrue();
  }

  @Test
  void a_list_that_is_not_whole_is_told_once_and_again_after_one_that_was() throws Exception {
    try (var logs = new CapturedLogs()) {
      for (var body :
          new String[] {page(2, "", "a"), page(3, "", "a"), page(1, "", "a"), page(2, "", "a")}) {
        to.transport.on(LIST, reply(200, body));
        var _ = search();
      }

      assertThat(logs.lines(Level.WARN))
          .hasSize(2)
          .first()
          .asString()
          .contains("is not whole", "it shows 1 clients and says that there are 2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"entities\":[{\"id\":\"a\"},",
        "{\"entities\":[{\"id\":\"a\"}]",
        "{\"entities\":[{\"id\":\"a\"}],\"total\":1}<html>",
        "{\"entities\":[{\"id\":\"a\"",
        "{\"entities\":[{\"id\":\"a\"},{\"na",
        "{\"entities\":{}}",
        "{\"total\":0}"
      })
  void a_list_that_breaks_off_or_is_none_is_no_list(String body) throws Exception {
    to.transport.on(LIST, reply(200, body));

    assertThat(failure(to.genesys.clients().search(_ -> true, to.soon())))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void a_page_that_fails_fails_the_list() throws Exception {
    to.transport.on(LIST, reply(200, page(2, NEXT, "a"))).on(LIST, ScriptedTransport.failure(true));

    assertThat(failure(to.genesys.clients().search(_ -> true, to.soon())))
        .isEqualTo(new Unavailable(Operation.LIST.template(), "told to fail", "none"));
  }

  @Test
  void a_token_that_is_refused_between_two_pages_is_renewed() throws Exception {
    to.transport
        .on(LIST, reply(200, page(2, NEXT, "a")))
        .on(LIST, error(401, "bad.credentials"))
        .on(LIST, reply(200, page(2, "", "b")));

    assertThat(ids(search())).containsExactly("a", "b");
  }

  @Test
  void names_longer_than_any_of_genesys_and_endless_depth_are_not_read() throws Exception {
    var name = "x".repeat(300_000);
    to.transport.on(LIST, reply(200, "{\"entities\":[{\"id\":\"a\",\"name\":\"" + name + "\"}]}"));
    to.transport.on(LIST, reply(200, "{\"entities\":[" + "[".repeat(500) + "]}"));
    to.transport.on(
        LIST, reply(200, "{\"entities\":[{\"id\":\"a\",\"description\":\"" + name + "\"}]}"));

    assertThat(failure(Operation.LIST.run(to))).isInstanceOf(Unavailable.class);
    assertThat(failure(Operation.LIST.run(to))).isInstanceOf(Unavailable.class);
    assertThat(ids(search())).containsExactly("a");
  }

  @Test
  void how_many_lists_in_a_row_are_not_whole_is_known_until_one_is() throws Exception {
    to.transport
        .on(LIST, reply(200, page(2, "", "a")))
        .on(LIST, reply(200, page(3, "", "a", "b", "a")))
        .on(LIST, reply(200, page(1, "", "a")));
    assertThat(to.genesys.clientLists()).isEmpty();

    var _ = search();
    var begun = to.time.now();
    assertThat(to.genesys.clientLists())
        .contains(
            new ClientListHealth(1, begun, begun, "it shows 1 clients and says that there are 2"));
    to.time.advance(Duration.ofMinutes(1));
    var _ = search();
    assertThat(to.genesys.clientLists())
        .contains(
            new ClientListHealth(
                2,
                begun,
                to.time.now(),
                "it shows 2 clients, and some of them twice: a; it says that there are 3"));
    var _ = search();
    assertThat(to.genesys.clientLists())
        .contains(new ClientListHealth(0, to.time.now(), to.time.now(), ""));
  }

  @Test
  void two_that_are_not_whole_and_lie_far_apart_are_not_in_a_row() throws Exception {
    to.transport.on(LIST, reply(200, page(2, "", "a"))).on(LIST, reply(200, page(2, "", "a")));
    var _ = search();
    to.time.advance(Duration.ofHours(1));

    var _ = search();

    assertThat(to.genesys.clientLists().map(ClientListHealth::doubtful)).contains(1);
  }
}
