package dev.genesysvault.destination.aws;

import static dev.genesysvault.destination.aws.PlayedAws.ENTRY;
import static dev.genesysvault.destination.aws.PlayedAws.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.testing.PlayedSecretsManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check says of a secret. */
final class SecretCheckTest {
  private final PlayedAws played = new PlayedAws();

  private static List<String> names(List<Finding> findings) {
    return findings.stream().map(Finding::name).toList();
  }

  private static Finding of(String name, List<Finding> findings) {
    return findings.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void all_is_well() throws Exception {
    var version = played.secrets.create(ENTRY, TEXT);

    assertThat(played.check(false))
        .containsExactly(
            new Finding("log_in", true, "logged in as " + PlayedSecretsManager.USER),
            new Finding("secret", true, "it is there"),
            new Finding("read", true, "version %s is the current one".formatted(version)));
    assertThat(played.secrets.versions(ENTRY)).containsExactly(version);
  }

  @Test
  void a_write_is_tried_where_no_reader_sees_it() throws Exception {
    var version = played.secrets.create(ENTRY, TEXT);

    var findings = played.check(true);
    assertThat(names(findings)).containsExactly("log_in", "secret", "read", "write");
    assertThat(findings).allMatch(Finding::passed);
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains(TEXT);
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).isEmpty();
    assertThat(played.secrets.holder(ENTRY, "GENESYS_VAULT_CHECK")).isEmpty();
    played.secrets.removeUnlabelled(ENTRY);
    assertThat(played.secrets.versions(ENTRY)).containsExactly(version);
  }

  @Test
  void a_label_that_a_check_left_behind_is_taken_along_by_the_next() throws Exception {
    played.secrets.create(ENTRY, TEXT);
    played.aws.loseRequest("UpdateSecretVersionStage");
    assertThat(of("write", played.check(true)).passed()).isFalse();

    assertThat(of("write", played.check(true)).passed()).isTrue();
    assertThat(played.secrets.holder(ENTRY, "GENESYS_VAULT_CHECK")).isEmpty();
  }

  @Test
  void a_secret_that_is_not_there_is_said_to_be_made_or_missing() throws Exception {
    var missing = played.check(true);
    assertThat(of("secret", missing).passed()).isFalse();
    assertThat(of("secret", missing).detail()).contains("create it, or set create_secret");

    var making =
        played
            .open(played.settings("create_secret", "true"))
            .check(ENTRY, true, played.errand("check"));
    assertThat(of("secret", making))
        .isEqualTo(new Finding("secret", true, "it is not there, and will be made"));
    assertThat(of("write", making).passed()).isTrue();
    assertThat(of("write", making).detail()).startsWith("not tried: there is no secret");
    assertThat(played.aws.asked()).doesNotContain("CreateSecret", "PutSecretValue");
  }

  @Test
  void a_secret_without_a_version_is_not_written_to() throws Exception {
    played.secrets.createEmpty(ENTRY);

    var findings = played.check(true);
    assertThat(findings).allMatch(Finding::passed);
    assertThat(of("read", findings).detail()).startsWith("not seen: it has no current version");
    assertThat(of("write", findings).detail()).startsWith("not tried: a secret's first version");
    assertThat(played.secrets.versions(ENTRY)).isEmpty();
  }

  @Test
  void a_secret_that_is_scheduled_for_deletion_is_said_to_be_so() throws Exception {
    played.secrets.create(ENTRY, TEXT);
    played.secrets.scheduleDeletion(ENTRY, true);

    assertThat(of("secret", played.check(false)).passed()).isFalse();
    var restoring = played.open(played.settings("restore_secret", "true"));
    var findings = restoring.check(ENTRY, true, played.errand("check"));
    assertThat(of("secret", findings).detail())
        .isEqualTo("it is scheduled for deletion, and will be restored");
    assertThat(names(findings)).containsExactly("log_in", "secret", "write");
    assertThat(played.secrets.deleting(ENTRY)).isTrue();
  }

  @Test
  void a_secret_that_rotates_itself_is_not_written_to() throws Exception {
    played.secrets.create(ENTRY, TEXT);
    played.secrets.describe(ENTRY, "RotationEnabled", true);

    var findings = played.check(true);
    assertThat(of("secret", findings).passed()).isFalse();
    assertThat(of("secret", findings).detail()).startsWith("AWS rotates it");
    assertThat(played.aws.asked()).doesNotContain("PutSecretValue");
  }

  @Test
  void permissions_that_are_missing_are_named() throws Exception {
    played.secrets.create(ENTRY, TEXT);
    played.aws.deny("GetSecretValue");
    played.aws.deny("PutSecretValue");

    var findings = played.check(true);
    assertThat(of("read", findings).detail()).contains("secretsmanager:GetSecretValue on ");
    assertThat(of("write", findings).detail()).contains("secretsmanager:PutSecretValue on ");
    played.aws.deny("DescribeSecret");
    assertThat(names(played.check(true))).containsExactly("log_in", "secret");
  }

  @Test
  void without_a_log_in_nothing_else_is_tried() throws Exception {
    played.aws.disown(PlayedSecretsManager.ACCESS_KEY_ID);

    var findings = played.check(true);
    assertThat(names(findings)).containsExactly("log_in");
    assertThat(findings.getFirst().passed()).isFalse();
  }

  @Test
  void an_sts_that_nobody_reaches_leaves_the_log_in_to_be_seen_by_the_rest() throws Exception {
    played.secrets.create(ENTRY, TEXT);
    played.aws.loseRequest("GetCallerIdentity");

    var findings = played.check(false);
    assertThat(names(findings)).containsExactly("log_in", "secret", "read");
    assertThat(of("log_in", findings).passed()).isTrue();
    assertThat(of("log_in", findings).detail())
        .startsWith("not seen: ")
        .contains("no connection: told so");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<a/>", "<a>", "welcome"})
  void an_sts_that_says_nothing_is_none(String body) throws Exception {
    played.aws.answer("GetCallerIdentity", 200, body);

    var findings = played.check(false);
    assertThat(names(findings)).containsExactly("log_in");
    assertThat(findings.getFirst().passed()).isFalse();
    assertThat(findings.getFirst().detail()).contains("is it the address of AWS?");
  }

  @Test
  void an_entry_of_another_region_is_refused() throws Exception {
    var findings =
        played.destination.check(
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:apps/crm-a1B2c3",
            false,
            played.errand("check"));

    assertThat(of("secret", findings).detail()).contains("of the region us-east-1");
  }
}
