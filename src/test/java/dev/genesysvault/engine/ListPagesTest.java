package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.FieldType;
import dev.genesysvault.proto.v1.Path;
import dev.genesysvault.storage.MountStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every list of the descriptor, in pages. */
@Timeout(60)
final class ListPagesTest {
  private static final List<String> FOLDERS = List.of("history/list", "decommissioned/list");
  private static final Map<String, String> CAPTURES = Map.of("name", "crm", "hour", "20260131T00");

  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  static Stream<Path> lists() {
    return DeclaredReplies.descriptor().getPathsList().stream()
        .filter(path ->
            path.getOperationsList().stream().anyMatch(it -> it.getOperation().equals("list")));
  }

  @Test
  void there_are_some() {
    assertThat(lists().map(Path::getId))
        .contains("roles/list", "static-roles/list", "clients/list");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void each_declares_after_which_key_it_begins_and_how_many_come(Path list) {
    var sent = DeclaredReplies.sent(list.getId());

    assertThat(sent).containsKeys("after", "limit");
    assertThat(field(sent, "after").getType()).isEqualTo(FieldType.FIELD_TYPE_STRING);
    assertThat(field(sent, "after").getMaxBytes()).isEqualTo(512);
    assertThat(field(sent, "limit").getType()).isEqualTo(FieldType.FIELD_TYPE_INT);
    assertThat(List.of(field(sent, "after"), field(sent, "limit")))
        .noneMatch(Field::getRequired)
        .allSatisfy(field -> assertThat(field.getDescription()).isNotEmpty());
  }

  private static Field field(Map<String, Field> fields, String name) {
    return Objects.requireNonNull(fields.get(name));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void each_is_walked_through_page_by_page_and_ends_as_an_empty_list_does(Path list)
      throws Exception {
    var keys = keys(5);
    put(list, keys);
    var seen = new ArrayList<Object>();

    var reply = list(list, Map.of("after", "", "limit", 2));
    while (reply instanceof Reply.Content && seen.size() < keys.size()) {
      var page = (List<?>) Objects.requireNonNull(data(reply).get("keys"));
      seen.add(page);
      reply = list(list, Map.of("after", page.getLast(), "limit", 2));
    }

    assertThat(seen).containsExactly(keys.subList(0, 2), keys.subList(2, 4), keys.subList(4, 5));
    assertThat(reply).isEqualTo(new Reply.Nothing());
    assertThat(list(list, Map.of())).isEqualTo(Reply.of(Map.of("keys", keys)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void each_reads_no_entry_where_no_session_is_open(Path list) throws Exception {
    put(list, keys(5));
    vault.storage.forgetOperations();

    assertThat(list(list, Map.of("limit", 2))).isInstanceOf(Reply.Content.class);

    assertThat(vault.storage.operations()).containsExactly("list " + folder(list));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void each_refuses_a_limit_that_is_no_number_before_it_asks_storage(Path list) throws Exception {
    vault.storage.forgetOperations();

    assertThat(Replies.refusal(list(list, Map.of("limit", "many")), 400)).contains("limit");

    assertThat(vault.storage.operations()).isEmpty();
  }

  @Test
  void a_page_of_clients_tells_of_its_own_and_reads_no_other() throws Exception {
    mount.open();
    for (int i = 0; i < 5; i++) {
      assertThat(vault.readAs("request-" + i, "demo")).isInstanceOf(Reply.Content.class);
    }

    assertTellsOfItsOwn("clients/");
  }

  @Test
  void a_page_of_static_roles_tells_of_its_own_and_reads_no_other() throws Exception {
    for (var key : keys(5)) {
      vault.storage.put("static-roles/" + key, new byte[] {'{'});
      vault.storage.put("static-creds/" + key, new byte[] {'{'});
    }
    mount.open();

    assertTellsOfItsOwn("static-roles/");
  }

  private void assertTellsOfItsOwn(String folder) throws InterruptedException {
    var id = folder + "list";
    var all = data(vault.serve(id, Operation.LIST, Map.of(), Map.of()));
    assertThat(described(all)).hasSize(5);
    var keys = (List<?>) Objects.requireNonNull(all.get("keys"));
    vault.storage.forgetOperations();

    var page =
        data(vault.serve(id, Operation.LIST, Map.of(), Map.of("after", keys.get(1), "limit", 2)));

    assertThat(page.get("keys")).isEqualTo(keys.subList(2, 4));
    assertThat(described(page)).containsOnlyKeys(keys.get(2), keys.get(3));
    assertThat(vault.storage.ownOperations()).noneMatch(operation -> operation.startsWith("get "));
    assertThat(vault.storage.ownOperations()).filteredOn(("list " + folder)::equals).hasSize(1);
  }

  @Test
  void a_page_tells_of_all_of_its_entries_where_the_whole_list_cannot() throws Exception {
    vault.ready();
    var _ = vault.readAs("request", "demo");
    var first = new MountStorage(vault.storage).clients().names().getFirst();
    var record = vault.storage.get("clients/" + first).orElseThrow();
    keys(Listing.MOST_DESCRIBED + 1).forEach(key -> vault.storage.put("clients/" + key, record));
    mount.open();
    mount.eventually(() -> described(data(clients(Map.of()))).size() == Listing.MOST_DESCRIBED);

    var whole = Replies.content(clients(Map.of()));
    assertThat(whole.warnings())
        .singleElement()
        .asString()
        .contains("3,000 of 3,002", "limit=3000");

    var page = Replies.content(clients(Map.of("after", first, "limit", 3_000)));
    assertThat(page.warnings()).isEmpty();
    assertThat(described(page.data())).hasSize(Listing.MOST_DESCRIBED);
  }

  private Reply clients(Map<String, Object> fields) throws InterruptedException {
    return vault.serve("clients/list", Operation.LIST, Map.of(), fields);
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> described(Map<String, ?> list) {
    return (Map<Object, Object>) Objects.requireNonNullElse(list.get("key_info"), Map.of());
  }

  private Reply list(Path list, Map<String, Object> fields) throws InterruptedException {
    return vault.serve(list.getId(), Operation.LIST, CAPTURES, fields);
  }

  /** Puts entries under these keys, or below them where they are folders. */
  private void put(Path list, List<String> keys) throws InterruptedException {
    for (var key : keys) {
      var below = FOLDERS.contains(list.getId()) ? "/id" : "";
      vault.storage.put(folder(list) + key + below, new byte[] {'{'});
    }
  }

  private static String folder(Path list) {
    var folder =
        list.getPattern()
            .replace("?", "")
            .replace("{name}", "crm")
            .replace("{hour}", "20260131T00");
    return List.of("destinations/", "alerts/").contains(folder) ? "sealed/" + folder : folder;
  }

  private static List<String> keys(int many) {
    return IntStream.range(0, many).mapToObj("k%04d"::formatted).toList();
  }
}
