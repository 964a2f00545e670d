package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.upstream.MountMarks;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A client that is let go gets back what it was called before. */
final class ReleasingTest {
  private static final ClientId THEIRS = new ClientId("theirs");
  private static final ClientBody PLAIN =
      new ClientBody(
          Map.of("name", "billing", "description", "made by hand", "state", "active", "new", 1));

  private final RotationHarness it = new RotationHarness();

  ReleasingTest() throws InterruptedException {}

  private static ClientBody marked() {
    return MountMarks.adopted(PLAIN, "genesys/", "crm", RotationHarness.MARK);
  }

  private void importedAndKept() throws InterruptedException {
    it.defined("crm");
    it.genesys.hold("theirs", marked());
    var generation =
        new StaticClient(
            new ClientKey("theirs"),
            new ClientName("billing"),
            "org-1",
            marked(),
            it.time.now(),
            it.endpoint,
            THEIRS,
            Secret.of("kn0wn"),
            true,
            true,
            Map.of());
    it.credentials.put(
        "crm",
        it.credential("crm")
            .with(draft -> {
              draft.current = generation;
              draft.lastRotation = it.time.now();
              draft.nextRotation = it.time.now().plusSeconds(1);
            }));
  }

  @Test
  void a_mark_is_taken_off_in_spite_of_a_gateway_that_claims_it_was() throws Exception {
    importedAndKept();
    it.genesys.claim("replace", false);

    it.rotateFor(Duration.ofHours(3));

    assertThat(it.body(THEIRS)).isEqualTo(PLAIN);
    assertThat(it.credential("crm").releases()).isEmpty();
  }

  @Test
  void an_imported_client_that_is_kept_loses_the_mark_after_its_grace() throws Exception {
    importedAndKept();

    it.rotateFor(Duration.ofMinutes(30));
    assertThat(it.body(THEIRS)).isEqualTo(marked());

    it.rotateFor(Duration.ofHours(2));
    assertThat(it.body(THEIRS)).isEqualTo(PLAIN);
    assertThat(it.credential("crm").releases()).isEmpty();
    assertThat(it.records.exists(new ClientKey("theirs"))).isFalse();
  }

  @Test
  void a_2xx_that_is_not_genesys_own_takes_no_mark_off() throws Exception {
    importedAndKept();
    it.genesys.claim("replace", false);

    it.rotateFor(Duration.ofHours(3));

    assertThat(it.body(THEIRS)).isEqualTo(PLAIN);
    assertThat(it.credential("crm").releases()).isEmpty();
  }

  @Test
  void what_was_changed_at_genesys_meanwhile_stays() throws Exception {
    importedAndKept();
    var edited = marked().described("edited, " + marked().text("description"));
    it.genesys.hold("theirs", edited);

    it.rotateFor(Duration.ofHours(3));

    assertThat(it.body(THEIRS)).isEqualTo(PLAIN.described("edited, made by hand"));
  }

  @Test
  void a_client_that_was_made_here_loses_the_mark_of_its_name_as_well() throws Exception {
    it.onDelete = OnDelete.RELEASE;
    it.defined("crm").rotateFor(Duration.ofMinutes(5));
    var id = it.current("crm").id();
    assertThat(it.body(id).text("name")).contains(RotationHarness.MARK.value());

    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));
    it.rotateFor(Duration.ofMinutes(5));

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.active(id)).isTrue();
    assertThat(it.body(id).text("name")).isEqualTo("vault-crm");
    assertThat(it.body(id).text("description")).doesNotContain(RotationHarness.MARK.value());
  }

  @Test
  void a_role_goes_and_says_so_where_genesys_refuses_to_take_the_mark_off() throws Exception {
    it.onDelete = OnDelete.RELEASE;
    it.defined("crm").rotateFor(Duration.ofMinutes(5));
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));
    for (int i = 0; i < 10; i++) {
      it.genesys.refuse("replace", 403, "not.authorized");
    }

    it.rotateFor(Duration.ofHours(1));

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.events.sent())
        .filteredOn(event -> event.type().equals("genesys/static-role-still-marked"))
        .singleElement()
        .extracting(RecordedEvents.Event::metadata)
        .satisfies(facts -> assertThat(facts.get("detail")).contains("take_over=true"));
  }

  @Test
  void a_deletion_waits_some_minutes_for_a_genesys_that_is_away_and_not_for_ever()
      throws Exception {
    it.onDelete = OnDelete.RELEASE;
    it.defined("crm").rotateFor(Duration.ofMinutes(5));
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));
    for (int i = 0; i < 100; i++) {
      it.genesys.beAway("get");
    }

    it.rotateFor(Duration.ofSeconds(30));
    assertThat(it.credentials.get("crm")).isPresent();

    it.rotateFor(Duration.ofHours(3));
    assertThat(it.credentials.get("crm")).isEmpty();
  }

  @Test
  void a_client_that_was_marked_and_never_adopted_gets_its_description_back() throws Exception {
    it.defined("crm");
    it.genesys.hold("theirs", marked());
    it.credentials.put(
        "crm",
        it.credential("crm")
            .with(draft -> draft.nextRotation = null)
            .releasing(
                new Release(THEIRS, "org-1", it.time.now().plusSeconds(90), true, Map.of())));

    it.rotateFor(Duration.ofSeconds(80));
    assertThat(it.body(THEIRS)).isEqualTo(marked());

    it.rotateFor(Duration.ofMinutes(5));
    assertThat(it.body(THEIRS)).isEqualTo(PLAIN);
    assertThat(it.credential("crm").releases()).isEmpty();
    assertThat(Objects.isNull(it.credential("crm").current())).isTrue();
  }
}
