package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.storage.Drain;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upstream.MountMarks;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is ended on purpose ends as its role says, whatever is lost of that on the way. */
final class DrainedRolesTest {
  private final RotationHarness it;

  DrainedRolesTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @Test
  void a_role_that_was_cut_off_between_its_two_entries_ends_all_the_same() throws Exception {
    var client = made(OnDelete.AUTO);
    cutOff();

    it.liveFor(Duration.ofMinutes(30));

    assertThat(it.credentials.names()).isEmpty();
    assertThat(it.genesys.held()).doesNotContainKey(client.id());
  }

  @Test
  void a_client_that_its_role_ends_is_not_let_go_once_the_role_is_lost() throws Exception {
    it.onDelete = OnDelete.DECOMMISSION;
    var client = imported();
    cutOff();

    it.rotateFor(Duration.ofMinutes(30));

    assertThat(it.credentials.names()).isEmpty();
    assertThat(it.body(client))
        .isNotEqualTo(MountMarks.released(it.body(client), RotationHarness.MARK));
    it.endFor(Duration.ofMinutes(30));
    assertThat(it.genesys.held()).doesNotContainKey(client);
  }

  @Test
  void a_role_whose_end_has_begun_comes_to_it_although_the_drain_is_called_off() throws Exception {
    var client = made(OnDelete.AUTO);
    drain();
    it.storage.failWhen(Kind.CLOSED, "delete static-roles/crm"::equals);
    it.rotateFor(Duration.ofMinutes(5));
    it.storage.failWhen(Kind.CLOSED, _ -> false);
    it.mount.drain().delete();

    it.liveFor(Duration.ofMinutes(30));

    assertThat(it.credentials.names()).isEmpty();
    assertThat(it.genesys.held()).doesNotContainKey(client.id());
  }

  @Test
  void a_role_that_is_letting_go_comes_to_its_end_although_the_drain_is_called_off()
      throws Exception {
    var client = imported();
    drain();
    it.genesys.limit("get", Duration.ofHours(1));
    it.rotateFor(Duration.ofMinutes(5));
    it.mount.drain().delete();

    it.rotateFor(Duration.ofHours(3));

    assertThat(it.credentials.names()).isEmpty();
    assertThat(it.active(client)).isTrue();
  }

  @Test
  void a_role_that_ends_in_an_emergency_waits_as_long_as_genesys_asks() throws Exception {
    var _ = imported();
    var _ = it.ask("crm", false, true, false);
    drain();
    it.genesys.limit("get", Duration.ofMinutes(1));

    it.rotateFor(Duration.ofSeconds(30));
    assertThat(it.credentials.names()).containsExactly("crm");

    it.rotateFor(Duration.ofMinutes(5));
    assertThat(it.credentials.names()).isEmpty();
  }

  @Test
  void without_its_role_a_client_that_was_imported_lives_on() throws Exception {
    var client = imported();
    it.mount.staticRoles().entry("crm").delete();
    drain();

    it.liveFor(Duration.ofMinutes(30));

    assertThat(it.credentials.names()).isEmpty();
    assertThat(it.active(client)).isTrue();
  }

  @Test
  void without_its_role_and_without_a_drain_nothing_is_ended() throws Exception {
    var client = made(OnDelete.AUTO);
    it.mount.staticRoles().entry("crm").delete();

    it.liveFor(Duration.ofMinutes(30));

    assertThat(it.credentials.names()).containsExactly("crm");
    assertThat(it.active(client.id())).isTrue();
  }

  private Credential made(OnDelete onDelete) throws InterruptedException {
    it.onDelete = onDelete;
    it.defined("crm").rotateFor(Duration.ofMinutes(5));
    return it.current("crm");
  }

  private ClientId imported() throws InterruptedException {
    var client = made(it.onDelete);
    var credential = it.credential("crm");
    it.credentials.put(
        "crm",
        credential.with(draft -> {
          var current = credential.current();
          draft.current =
              current == null
                  ? null
                  : new StaticClient(
                      current.key(),
                      current.name(),
                      current.organizationId(),
                      current.body(),
                      current.announced(),
                      current.endpoint(),
                      current.clientId(),
                      current.secret(),
                      true,
                      false,
                      Map.of());
        }));
    return client.id();
  }

  /** The role's entry is removed, and the credential's is not. */
  private void cutOff() throws InterruptedException {
    drain();
    it.storage.failWhen(Kind.CLOSED, "delete static-creds/crm"::equals);
    it.rotateFor(Duration.ofMinutes(5));
    it.storage.failWhen(Kind.CLOSED, _ -> false);
    assertThat(it.mount.staticRoles().names()).isEmpty();
    assertThat(it.credentials.names()).containsExactly("crm");
  }

  private void drain() throws InterruptedException {
    it.mount.drain().put(new Drain(it.time.now(), "somebody", Map.of()));
  }
}
