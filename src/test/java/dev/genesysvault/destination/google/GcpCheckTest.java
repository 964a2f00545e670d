package dev.genesysvault.destination.google;

import static dev.genesysvault.destination.google.OtherGoogle.SECRET;
import static dev.genesysvault.destination.google.OtherGoogle.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination.Finding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a check finds, and that it changes nothing. */
final class GcpCheckTest {
  private static final Finding LOGGED_IN =
      new Finding("log_in", true, "logged in as the service account " + OtherGoogle.ACCOUNT);
  private static final Finding EXISTS = new Finding("secret", true, SECRET + " exists");

  private final OtherGoogle other = new OtherGoogle();

  GcpCheckTest() throws Exception {}

  @AfterEach
  void stop() {
    other.close();
  }

  @Test
  void everything_may_be_as_it_must() throws Exception {
    other.secrets().make(SECRET);

    assertThat(check(other.open()))
        .containsExactly(
            LOGGED_IN,
            EXISTS,
            new Finding("permissions", true, "all that is needed for this entry"));
    assertThat(other.google.calls()).containsExactly("TestIamPermissions genesys-billing");
  }

  @Test
  void what_is_not_granted_is_named_with_roles() throws Exception {
    other.secrets().make(SECRET);
    other.google.deny("secretmanager.versions.access");
    other.google.deny("secretmanager.versions.disable");
    other.google.deny("secretmanager.versions.destroy");
    other.google.deny("secretmanager.secrets.update");

    assertThat(check(other.open()).getLast())
        .isEqualTo(
            new Finding(
                "permissions",
                false,
                "the service account %s lacks secretmanager.versions.access (roles/secretmanager.secretAccessor), secretmanager.versions.disable (roles/secretmanager.secretVersionManager): grant that on the secret or its project"
                    .formatted(OtherGoogle.ACCOUNT)));
    assertThat(check(other.open("destroy_former", "true", "alias", "live")).getLast().detail())
        .contains("versions.destroy", "secretmanager.secrets.update (roles/secretmanager.admin)")
        .doesNotContain("versions.disable");
  }

  @Test
  void a_secret_that_is_missing_is_found_so() throws Exception {
    var findings = check(other.open());

    assertThat(findings.get(1))
        .isEqualTo(
            new Finding(
                "secret", false, SECRET + " does not exist: make it, or set create_secret"));
    assertThat(other.secrets().exists(SECRET)).isFalse();
  }

  @Test
  void a_secret_that_will_be_made_is_found_so_with_what_that_needs() throws Exception {
    var findings = check(other.open("create_secret", "true"));

    assertThat(findings.get(1))
        .isEqualTo(
            new Finding(
                "secret", true, SECRET + " does not exist, and is made when it is sent to first"));
    assertThat(findings.get(2).detail())
        .startsWith("not seen before there is such a secret; the service account ")
        .contains(
            "needs on the project secretmanager.secrets.create (roles/secretmanager.admin), secretmanager.versions.access");
    assertThat(other.secrets().exists(SECRET)).isFalse();
  }

  @Test
  void a_secret_that_may_not_be_seen_is_said_so() throws Exception {
    other.google.deny("secretmanager.secrets.get");

    var findings = check(other.open());
    assertThat(findings.get(1).detail()).startsWith("not seen: there is no secret ");
    assertThat(findings.get(2).passed()).isFalse();
    assertThat(findings.get(2).detail()).contains("lacks secretmanager.versions.access");
  }

  @Test
  void a_log_in_that_is_not_taken_ends_the_check() throws Exception {
    other.google.takeAccount("somebody@else");

    assertThat(check(other.open()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.name()).isEqualTo("log_in");
          assertThat(finding.passed()).isFalse();
          assertThat(finding.detail()).contains("UNAUTHENTICATED");
        });
  }
}
