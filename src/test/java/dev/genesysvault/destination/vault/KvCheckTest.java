package dev.genesysvault.destination.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination.Finding;
import org.junit.jupiter.api.Test;

/** What a check finds; it changes nothing. */
final class KvCheckTest {
  private final OtherVault other = new OtherVault();

  private Finding finding(String name) throws InterruptedException {
    return other.check().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void where_all_is_well_everything_passes() throws Exception {
    assertThat(other.check())
        .containsExactly(
            new Finding("log_in", true, "logged in by the AppRole at auth/approle"),
            new Finding("kv_version", true, "the engine is KV version 2"),
            new Finding("permissions", true, "all that is needed for this entry"));
  }

  @Test
  void missing_capabilities_are_named_path_by_path() throws Exception {
    other.vault.deny("secret/data/apps/billing", "create");
    other.vault.deny("secret/data/apps/billing", "update");
    other.vault.deny("secret/delete/apps/billing", "update");

    assertThat(finding("permissions"))
        .isEqualTo(
            new Finding(
                "permissions",
                false,
                "the policies of the AppRole lack secret/data/apps/billing: create, update; secret/delete/apps/billing: update"));
  }

  @Test
  void a_refused_log_in_is_the_only_finding() throws Exception {
    other.check();
    other.vault.takeSecretId("secret-id-2");

    assertThat(other.check())
        .singleElement()
        .satisfies(only -> {
          assertThat(only.name()).isEqualTo("log_in");
          assertThat(only.passed()).isFalse();
          assertThat(only.detail()).contains("invalid role or secret ID");
        });
  }

  @Test
  void an_engine_of_version_1_does_not_pass() throws Exception {
    other.vault.beVersion2(false);

    assertThat(finding("kv_version").passed()).isFalse();
    assertThat(finding("kv_version").detail()).contains("not the path of a KV engine of version 2");
  }

  @Test
  void an_engine_that_may_not_be_seen_is_a_hint() throws Exception {
    other.vault.deny("sys/internal/ui/mounts/secret", "read");

    assertThat(finding("kv_version").passed()).isTrue();
    assertThat(finding("kv_version").detail()).startsWith("not seen");
    assertThat(other.vault.logIns()).as("a log-in for each check").isEqualTo(2);
  }

  @Test
  void permissions_that_may_not_be_asked_for_are_a_hint() throws Exception {
    other.vault.deny("sys/capabilities-self", "update");

    assertThat(finding("permissions").passed()).isTrue();
    assertThat(finding("permissions").detail()).startsWith("not seen");
  }

  @Test
  void a_vault_that_is_away_does_not_pass() throws Exception {
    other.vault.seal(true);

    assertThat(finding("log_in").passed()).isFalse();
    assertThat(finding("log_in").detail()).contains("unseal it");
  }

  @Test
  void nothing_is_written() throws Exception {
    other.check();

    assertThat(other.vault.asked())
        .containsExactly("GET sys/internal/ui/mounts/secret", "POST sys/capabilities-self");
    assertThat(other.vault.engine().latest("apps/billing")).isZero();
  }
}
