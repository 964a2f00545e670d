package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.upstream.FoundClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How what a lost create may have made is looked for, where the list does not do what it should.
 */
final class SearchingTest {
  private static final ClientKey LOST = new ClientKey("lost");
  private static final ClientKey LEAVING = new ClientKey("leaving");

  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
    session.mount.client(LOST).put(session.creating("lost"));
    session.time.advance(Duration.ofSeconds(90));
    session.retiring("leaving");
    genesys.forgetCalls();
  }

  @Test
  void a_list_that_is_refused_is_one_clients_trouble_and_names_the_permission() throws Exception {
    genesys.refuse("list", 403, "missing.permissions");

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(lost().state()).isEqualTo(State.STUCK);
    assertThat(lost().lastError()).contains("HTTP 403").contains("oauth:client:view");
  }

  @Test
  void a_search_that_was_refused_is_tried_again_and_finds() throws Exception {
    genesys.refuse("list", 403, "missing.permissions");
    session.runFor(Duration.ofSeconds(1));
    var name = lost().latestName().value();
    genesys.hold("late", new ClientBody(Map.of("name", name, "state", "active")));

    session.runFor(Duration.ofHours(2));

    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void a_list_that_keeps_failing_leaves_time_for_deletions() throws Exception {
    session.retiring("another");
    for (int i = 0; i < 100; i++) {
      genesys.beAway("list");
    }

    session.runFor(Duration.ofMinutes(3));

    assertThat(genesys.held()).isEmpty();
    assertThat(lost().state()).isEqualTo(State.CREATING);
    assertThat(genesys.calls().stream().filter("list"::equals).count()).isBetween(2L, 5L);
  }

  @Test
  void a_list_that_needs_more_than_the_limit_leaves_time_for_deletions() throws Exception {
    for (int i = 0; i < 100; i++) {
      genesys.limit("list", Duration.ofMinutes(1));
    }

    session.runFor(Duration.ofMinutes(5));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void a_caller_that_genesys_does_not_know_is_the_whole_mounts_trouble() throws Exception {
    genesys.refuse("list", 401, "authentication.required");
    genesys.refuse("replace", 401, "authentication.required");

    session.runFor(Duration.ofMillis(1));

    assertThat(genesys.calls()).containsExactly("replace");
    assertThat(leaving().state()).isEqualTo(State.RETIRING);

    session.runFor(Duration.ofMinutes(5));
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void a_list_that_shows_what_is_deleted_is_asked_once_a_minute() throws Exception {
    session.storage.delete("clients/leaving");
    genesys.held().keySet().forEach(genesys::lose);
    var record = lost();
    session
        .mount
        .client(LOST)
        .put(record.found(new ClientId("gone"), new ClientBody(Map.of("name", "x"))));
    session.time.advance(Duration.ofMinutes(10));
    genesys.keepListing(
        new FoundClient(
            new ClientId("gone"),
            new ClientBody(Map.of("name", record.latestName().value(), "state", "inactive"))));

    session.runFor(Duration.ofMinutes(10));

    assertThat(genesys.calls().stream().filter("list"::equals).count()).isBetween(8L, 11L);

    genesys.keepListing();
    session.runFor(Duration.ofMinutes(2));
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?-%s", "VAULT-%S", "%s"})
  void what_a_create_made_is_found_by_mark_and_key_whatever_became_of_its_name(String shown)
      throws Exception {
    var carried = Orders.MARK + "-" + LOST + "-1";
    genesys.hold(
        "late", new ClientBody(Map.of("name", shown.formatted(carried), "state", "active")));

    session.runFor(Duration.ofMinutes(10));

    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void a_record_whose_names_are_not_this_mounts_is_kept_for_somebody_to_look() throws Exception {
    var foreign = session.creating("another");
    session.storage.delete("clients/leaving");
    session.mount.client(LOST).put(foreign);

    session.runFor(Duration.ofMinutes(10));

    assertThat(lost().state()).isEqualTo(State.STUCK);
    assertThat(lost().lastError()).contains(foreign.latestName().value()).contains("mark");
  }

  @Test
  void a_search_is_tried_at_once_when_it_is_hurried() throws Exception {
    genesys.refuse("list", 403, "missing.permissions");
    session.locks.meanwhile(() -> session.clientQueue.hurry(ClientSnapshot::leaving));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls().stream().filter("list"::equals)).hasSize(2);
  }

  @Test
  void nothing_is_gone_that_a_list_does_not_show_which_is_not_whole() throws Exception {
    genesys.listDoubtfully("it shows 4 clients and says that there are 7");
    session.locks.meanwhile(() -> {});

    session.runFor(Duration.ofHours(5));

    assertThat(lost().state()).isEqualTo(State.CREATING);
    assertThat(genesys.calls().stream().filter("list"::equals).count())
        .as("each look waits longer than the one before")
        .isBetween(15L, 40L);

    genesys.listDoubtfully("");
    session.runFor(Duration.ofSeconds(1));
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void what_a_list_shows_is_ended_even_where_it_is_not_whole() throws Exception {
    genesys.listDoubtfully("it shows 4 clients and says that there are 7");
    genesys.hold(
        "found", new ClientBody(Map.of("name", lost().latestName().value(), "state", "active")));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void the_trouble_with_a_list_is_shown_at_what_is_looked_for() throws Exception {
    session.time.advance(Duration.ofMinutes(10));
    genesys.listDoubtfully("it shows 4 clients and says that there are 7");
    var shown = new ArrayList<String>();
    session.locks.meanwhile(
        () -> session.clientQueue.of(LOST).ifPresent(it -> shown.add(it.lastError())));

    session.runFor(Duration.ofMinutes(3));

    assertThat(shown).containsExactly("it shows 4 clients and says that there are 7");
  }

  @Test
  void absence_is_reckoned_from_the_time_at_which_the_list_began() throws Exception {
    session.time.advance(Duration.ofMinutes(10));
    genesys.listedAt = () -> session.time.now().minus(Duration.ofMinutes(15));

    session.runFor(Duration.ofMinutes(3));

    assertThat(lost().state()).isEqualTo(State.CREATING);
  }

  private ClientRecord lost() throws InterruptedException {
    return session.mount.client(LOST).get().orElseThrow();
  }

  private ClientRecord leaving() throws InterruptedException {
    return session.mount.client(LEAVING).get().orElseThrow();
  }
}
