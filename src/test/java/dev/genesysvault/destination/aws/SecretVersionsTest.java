package dev.genesysvault.destination.aws;

import static dev.genesysvault.destination.aws.PlayedAws.ENTRY;
import static dev.genesysvault.destination.aws.PlayedAws.NEXT;
import static dev.genesysvault.destination.aws.PlayedAws.NEXT_TEXT;
import static dev.genesysvault.destination.aws.PlayedAws.TEXT;
import static dev.genesysvault.destination.aws.PlayedAws.VALUE;
import static dev.genesysvault.destination.aws.PlayedAws.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure.Extent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a secret's versions, whatever goes wrong on the way. */
final class SecretVersionsTest {
  private final PlayedAws played = new PlayedAws("create_secret", "true");
  private String first = "";

  @BeforeEach
  void a_secret_of_before() {
    first = played.secrets.create(ENTRY, TEXT);
  }

  private void holds(String text, String version) {
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains(text);
    assertThat(played.secrets.holder(ENTRY, "AWSCURRENT")).contains(version);
  }

  @Test
  void a_value_is_read_back_before_readers_get_it() throws Exception {
    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));

    assertThat(played.aws.asked())
        .containsExactly(
            "GetSecretValue",
            "DescribeSecret",
            "PutSecretValue",
            "GetSecretValue",
            "UpdateSecretVersionStage");
    holds(NEXT_TEXT, version("one"));
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).contains(first);
    assertThat(played.secrets.holder(ENTRY, "GENESYS_VAULT")).contains(version("one"));
  }

  @Test
  void what_a_secret_holds_already_is_not_written() throws Exception {
    played.secrets.overwrite(ENTRY, " { \"client_secret\": \"s3cret-2\",\n\"client_id\": \"c-2\"}");
    var version = played.secrets.holder(ENTRY, "AWSCURRENT");

    assertThat(played.send(NEXT, "one")).isEqualTo(new Sent.Confirmed(version.orElseThrow()));
    assertThat(played.aws.asked()).containsExactly("GetSecretValue");
  }

  @ParameterizedTest
  @CsvSource({
    "GetSecretValue, true",
    "DescribeSecret, true",
    "PutSecretValue, true",
    "UpdateSecretVersionStage, true",
    "GetSecretValue, false",
    "DescribeSecret, false",
    "PutSecretValue, false",
    "UpdateSecretVersionStage, false"
  })
  void a_sending_that_was_cut_short_goes_on_where_it_was(String action, boolean answer)
      throws Exception {
    lose(action, answer);
    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT").orElseThrow()).isIn(TEXT, NEXT_TEXT);

    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
    assertThat(played.secrets.versions(ENTRY)).containsExactly(first, version("one"));
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).contains(first);
  }

  private void lose(String action, boolean answer) {
    if (answer) {
      played.aws.loseAnswer(action);
    } else {
      played.aws.loseRequest(action);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void a_version_that_could_not_be_read_back_is_read_back_the_next_time(boolean answer)
      throws Exception {
    played.aws.before("PutSecretValue", () -> lose("GetSecretValue", answer));

    assertThat(played.failure(NEXT, "one").why().text()).contains("told so");
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains(TEXT);
    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    assertThat(played.secrets.versions(ENTRY)).containsExactly(first, version("one"));
  }

  @Test
  void a_version_that_is_not_shown_as_it_was_written_is_not_made_the_current_one()
      throws Exception {
    played.aws.before(
        "PutSecretValue",
        () ->
            played.aws.answer(
                "GetSecretValue",
                200,
                "{\"VersionId\":\"%s\",\"SecretString\":\"{}\"}".formatted(version("one"))));

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("does not show it as it was written");
    holds(TEXT, first);
  }

  @Test
  void whoever_moves_the_label_meanwhile_is_seen_and_it_is_tried_again() throws Exception {
    played.aws.before(
        "UpdateSecretVersionStage", () -> played.secrets.overwrite(ENTRY, "{\"of\":\"others\"}"));

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .contains("InvalidParameterException", "somebody else moved AWSCURRENT");
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains("{\"of\":\"others\"}");
    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
  }

  @Test
  void a_version_that_was_the_current_one_before_is_made_so_again() throws Exception {
    played.sent(NEXT, "one");
    played.secrets.overwrite(ENTRY, TEXT);

    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
  }

  @Test
  void a_version_id_that_holds_something_else_is_refused_by_aws_and_said() throws Exception {
    played.sent(NEXT, "one");
    played.secrets.overwrite(ENTRY, TEXT);

    var failure = played.failure(PlayedAws.value("c-3", "s3cret-3"), "one");
    assertThat(failure.why().text()).contains("ResourceExistsException", "already in use");
    holds(TEXT, played.secrets.holder(ENTRY, "AWSCURRENT").orElseThrow());
  }

  @Test
  void a_secret_without_a_version_gets_its_first_one() throws Exception {
    played.secrets.createEmpty(ENTRY);

    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
    assertThat(played.aws.asked()).doesNotContain("UpdateSecretVersionStage", "CreateSecret");
  }

  @ParameterizedTest
  @CsvSource({
    "CreateSecret, true",
    "CreateSecret, false",
    "DescribeSecret, true",
    "GetSecretValue, true"
  })
  void a_secret_that_is_not_there_is_made_once(String action, boolean answer) throws Exception {
    played.secrets.destroy(ENTRY);
    lose(action, answer);
    played.failure(NEXT, "one");

    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
    assertThat(played.secrets.versions(ENTRY)).containsExactly(version("one"));
  }

  @Test
  void a_secret_is_made_with_key_description_and_tags() throws Exception {
    played.secrets.destroy(ENTRY);
    var destination =
        played.open(
            played.settings(
                "create_secret",
                "true",
                "kms_key_id",
                "alias/genesys",
                "description",
                "of the CRM",
                "tags",
                "{\"team\":\"crm\"}"));

    PlayedAws.confirmed(destination.send(ENTRY, VALUE, played.errand("one")));
    assertThat(played.secrets.more(ENTRY).toString())
        .isEqualTo(
            "{\"KmsKeyId\":\"alias/genesys\",\"Description\":\"of the CRM\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"crm\"}]}");
  }

  @Test
  void somebody_who_makes_it_at_the_same_moment_is_seen_the_next_time() throws Exception {
    played.secrets.destroy(ENTRY);
    played.aws.before("CreateSecret", () -> played.secrets.create(ENTRY, TEXT));

    assertThat(played.failure(NEXT, "one").why().text()).contains("ResourceExistsException");
    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
  }

  @Test
  void a_secret_that_is_not_there_is_not_made_unasked() throws Exception {
    played.secrets.destroy(ENTRY);
    var destination = played.open(played.settings());

    var failure = PlayedAws.failure(destination.send(ENTRY, VALUE, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .isEqualTo(
            "secret apps/crm at AWS eu-central-1 (https://secretsmanager.example.com): it is not there: create it, or set create_secret on the destination");
    assertThat(played.aws.asked()).doesNotContain("CreateSecret");
  }

  @Test
  void no_secret_is_made_by_an_arn() throws Exception {
    var arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/none-a1B2c3";

    assertThat(
            PlayedAws.failure(played.destination.send(arn, VALUE, played.errand("one")))
                .why()
                .text())
        .contains("is not made by an ARN");
  }

  @Test
  void a_secret_is_found_by_its_arn() throws Exception {
    var arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm-a1B2c3";

    PlayedAws.confirmed(played.destination.send(arn, NEXT, played.errand("one")));
    holds(NEXT_TEXT, version("one"));
  }

  @Test
  void an_arn_of_another_region_is_refused_and_nobody_is_asked() throws Exception {
    var arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:apps/crm-a1B2c3";

    var failure = PlayedAws.failure(played.destination.send(arn, NEXT, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .contains("of the region us-east-1; must be one of eu-central-1");
    assertThat(played.aws.requests()).isEmpty();
  }

  @Test
  void what_is_scheduled_for_deletion_stays_so_unasked() throws Exception {
    played.secrets.scheduleDeletion(ENTRY, true);

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text())
        .contains("it is scheduled for deletion: restore it, or set restore_secret");
    assertThat(played.secrets.deleting(ENTRY)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"RestoreSecret, true", "RestoreSecret, false", "PutSecretValue, true"})
  void what_is_scheduled_for_deletion_is_restored_where_that_is_wanted(
      String action, boolean answer) throws Exception {
    var restoring = played.open(played.settings("restore_secret", "true"));
    played.secrets.scheduleDeletion(ENTRY, true);
    lose(action, answer);
    PlayedAws.failure(restoring.send(ENTRY, NEXT, played.errand("one")));

    assertThat(PlayedAws.confirmed(restoring.send(ENTRY, NEXT, played.errand("one"))))
        .isEqualTo(version("one"));
    holds(NEXT_TEXT, version("one"));
    assertThat(played.secrets.versions(ENTRY)).containsExactly(first, version("one"));
  }

  @Test
  void what_a_restored_secret_holds_already_is_not_written() throws Exception {
    var restoring = played.open(played.settings("restore_secret", "true"));
    played.secrets.scheduleDeletion(ENTRY, true);

    assertThat(restoring.send(ENTRY, VALUE, played.errand("one")))
        .isEqualTo(new Sent.Confirmed(first));
    assertThat(played.aws.asked()).doesNotContain("PutSecretValue");
  }

  @ParameterizedTest
  @CsvSource({
    "RotationEnabled, true, AWS rotates it",
    "OwningService, rds, the service rds of AWS manages it",
    "PrimaryRegion, us-east-1, it is a replica of the one in us-east-1"
  })
  void a_secret_that_others_write_is_no_destination(String member, String value, String said)
      throws Exception {
    played.secrets.describe(ENTRY, member, value.equals("true") ? true : value);

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains(said);
    assertThat(played.aws.asked()).doesNotContain("PutSecretValue");
  }

  @Test
  void a_primary_secret_with_replicas_is_a_destination() throws Exception {
    played.secrets.describe(ENTRY, "PrimaryRegion", "eu-central-1");

    assertThat(played.sent(NEXT, "one")).isEqualTo(version("one"));
  }

  @Test
  void a_value_that_is_too_large_is_not_sent() throws Exception {
    var failure = played.failure(PlayedAws.value("c-1", "x".repeat(65_536)), "one");

    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("has 65,574 bytes; must be at most 65,536");
    assertThat(played.aws.requests()).isEmpty();
  }

  @Test
  void a_look_says_what_became_of_it() throws Exception {
    assertThat(played.look(VALUE)).isEqualTo(new Seen.AsSent());
    assertThat(played.look(NEXT))
        .isEqualTo(new Seen.Otherwise("version %s holds something else".formatted(first)));
    played.secrets.overwrite(ENTRY, "no JSON");
    assertThat(played.look(VALUE)).isInstanceOf(Seen.Otherwise.class);
    played.secrets.scheduleDeletion(ENTRY, true);
    assertThat(played.look(VALUE)).isEqualTo(new Seen.Otherwise("it is scheduled for deletion"));
    played.secrets.destroy(ENTRY);
    assertThat(played.look(VALUE)).isEqualTo(new Seen.Otherwise("it was deleted"));
    played.secrets.createEmpty(ENTRY);
    assertThat(played.look(VALUE))
        .isEqualTo(new Seen.Otherwise("no version of it is the current one"));
    played.aws.loseRequest("GetSecretValue");
    assertThat(played.look(VALUE)).isInstanceOf(Seen.Failed.class);
  }

  @Test
  void a_current_version_that_is_not_shown_is_no_drift() throws Exception {
    played.aws.refuse("GetSecretValue", 400, "ResourceNotFoundException", "lags");

    assertThat(played.look(VALUE)).isInstanceOf(Seen.Failed.class);
  }

  @Test
  void the_former_version_is_taken_from_readers_once_it_is_over() throws Exception {
    played.sent(NEXT, "one");

    assertThat(played.retire(version("one"), first)).isEqualTo(new Removed.Done());
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).isEmpty();
    assertThat(played.retire(version("one"), first)).isEqualTo(new Removed.Done());
    holds(NEXT_TEXT, version("one"));
  }

  @Test
  void a_former_version_that_was_sent_last_loses_that_label_too() throws Exception {
    played.sent(NEXT, "one");
    var third = played.secrets.overwrite(ENTRY, TEXT);

    assertThat(played.retire(third, version("one"))).isEqualTo(new Removed.Done());
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).isEmpty();
    assertThat(played.secrets.holder(ENTRY, "GENESYS_VAULT")).isEmpty();
  }

  @Test
  void nothing_is_retired_that_is_not_over_or_where_others_have_written() throws Exception {
    played.sent(NEXT, "one");
    assertThat(played.retire(version("one"), "another")).isEqualTo(new Removed.Done());
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).contains(first);

    played.secrets.overwrite(ENTRY, TEXT);
    assertThat(played.retire(version("one"), first, version("one"))).isEqualTo(new Removed.Done());
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).contains(version("one"));

    played.secrets.scheduleDeletion(ENTRY, true);
    assertThat(played.retire(version("one"), first)).isEqualTo(new Removed.Done());
    played.secrets.destroy(ENTRY);
    assertThat(played.retire(version("one"), first)).isEqualTo(new Removed.Done());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void a_retirement_that_was_cut_short_is_repeated(boolean answer) throws Exception {
    played.sent(NEXT, "one");
    lose("UpdateSecretVersionStage", answer);

    assertThat(played.retire(version("one"), first)).isInstanceOf(Removed.Failed.class);
    assertThat(played.retire(version("one"), first)).isEqualTo(new Removed.Done());
    assertThat(played.secrets.holder(ENTRY, "AWSPREVIOUS")).isEmpty();
  }

  @Test
  void a_removal_can_be_taken_back_for_thirty_days() throws Exception {
    assertThat(played.remove("another")).isEqualTo(new Removed.Done());
    assertThat(played.secrets.deleting(ENTRY)).isFalse();

    played.aws.loseAnswer("DeleteSecret");
    assertThat(played.remove(first)).isInstanceOf(Removed.Failed.class);
    assertThat(played.remove(first)).isEqualTo(new Removed.Done());
    assertThat(played.secrets.deleting(ENTRY)).isTrue();
    assertThat(
            played.aws.requests().stream().map(it -> new String(it.body(), StandardCharsets.UTF_8)))
        .anyMatch(it -> it.contains("\"RecoveryWindowInDays\":30"));
    assertThat(played.aws.asked().stream().filter("DeleteSecret"::equals)).hasSize(1);

    played.secrets.destroy(ENTRY);
    assertThat(played.remove(first)).isEqualTo(new Removed.Done());
  }

  @Test
  void the_versions_before_can_be_removed_by_aws_at_any_time() throws Exception {
    played.sent(NEXT, "one");
    played.retire(version("one"), first);
    played.secrets.removeUnlabelled(ENTRY);

    assertThat(played.secrets.versions(ENTRY)).isEqualTo(List.of(version("one")));
    assertThat(played.sent(VALUE, "two")).isEqualTo(version("two"));
  }
}
