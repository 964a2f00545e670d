package dev.genesysvault.destination.aws;

import static dev.genesysvault.destination.aws.PlayedAws.ENTRY;
import static dev.genesysvault.destination.aws.PlayedAws.NEXT;
import static dev.genesysvault.destination.aws.PlayedAws.TEXT;
import static dev.genesysvault.destination.aws.PlayedAws.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.testing.PlayedSecretsManager;
import dev.genesysvault.testing.WatchedLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As whom AWS is asked, and how long that lasts. */
@Isolated("it sets what this process finds of AWS")
final class AwsLogInTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/team/genesys";
  private static final List<String> FOUND =
      List.of(
          "aws.webIdentityTokenFile",
          "aws.roleArn",
          "aws.disableEc2Metadata",
          "aws.sharedCredentialsFile",
          "aws.configFile");

  private final PlayedAws played = new PlayedAws();
  private final HashMap<String, String> before = new HashMap<>();

  @BeforeEach
  void a_secret_and_a_process_that_finds_nothing(@TempDir Path folder) {
    played.secrets.create(ENTRY, TEXT);
    played.aws.sts().trust(ROLE, "ext-1", "");
    for (var name : FOUND) {
      before.put(name, System.getProperty(name));
      System.clearProperty(name);
    }
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.sharedCredentialsFile", folder.resolve("none").toString());
    System.setProperty("aws.configFile", folder.resolve("none").toString());
  }

  @AfterEach
  void as_it_was() {
    before.forEach((name, value) -> {
      if (value == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, value);
      }
    });
  }

  private Destination assuming() {
    return played.open(played.settings("role_arn", ROLE, "external_id", "ext-1"));
  }

  private void look(Destination destination) throws InterruptedException {
    assertThat(destination.look(ENTRY, "any", VALUE, played.errand("look")))
        .isEqualTo(new Seen.AsSent());
  }

  @Test
  void a_role_is_assumed_once_and_again_when_a_third_of_its_session_is_left() throws Exception {
    var destination = assuming();
    look(destination);
    played.time.advance(Duration.ofMinutes(39));
    look(destination);
    assertThat(played.aws.sts().begun()).isEqualTo(1);

    played.time.advance(Duration.ofMinutes(2));
    look(destination);
    assertThat(played.aws.sts().begun()).isEqualTo(2);
  }

  @Test
  void tasks_that_come_at_the_same_time_share_one_session() throws Exception {
    var locks = new WatchedLocks();
    var shared = played.open(played.settings("role_arn", ROLE, "external_id", "ext-1"), locks);
    played.aws.once(
        "AssumeRole",
        act -> {
          locks.awaitWaits(4);
          return act.run();
        });
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var looks = new ArrayList<Future<Seen>>();
      for (int i = 0; i < 5; i++) {
        Callable<Seen> look = () -> shared.look(ENTRY, "any", VALUE, played.errand("look"));
        looks.add(tasks.submit(look));
      }
      for (var look : looks) {
        assertThat(look.get()).isEqualTo(new Seen.AsSent());
      }
    }
    assertThat(played.aws.sts().begun()).isEqualTo(1);
  }

  @Test
  void a_session_goes_on_where_no_other_can_be_had() throws Exception {
    var destination = assuming();
    look(destination);
    played.time.advance(Duration.ofMinutes(41));
    played.aws.loseRequest("AssumeRole");
    look(destination);
    assertThat(played.aws.sts().begun()).isEqualTo(1);

    played.time.advance(Duration.ofMinutes(18));
    played.aws.loseRequest("AssumeRole");
    var failure = PlayedAws.failure(destination.send(ENTRY, NEXT, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .startsWith(
            "AssumeRole at STS of AWS eu-central-1 (https://sts.eu-central-1.amazonaws.com): no conn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-999999999-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z", "never"})
  void a_session_may_end_at_any_time_and_nothing_breaks(String end) throws Exception {
    played.aws.answer(
        "AssumeRole",
        200,
        """
        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA0</AccessKeyId>\
        <SecretAccessKey>session-secret-0</SecretAccessKey><SessionToken>session-token-0</SessionToken>\
        <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>\
        """
            .formatted(end));

    var destination = assuming();
    PlayedAws.failure(destination.send(ENTRY, NEXT, played.errand("one")));
    PlayedAws.confirmed(destination.send(ENTRY, NEXT, played.errand("one")));
  }

  @Test
  void a_session_that_was_revoked_is_begun_anew_the_next_time() throws Exception {
    var destination = assuming();
    look(destination);
    played.aws.sts().revoke();

    var failure = PlayedAws.failure(destination.send(ENTRY, NEXT, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    PlayedAws.confirmed(destination.send(ENTRY, NEXT, played.errand("one")));
    assertThat(played.aws.sts().begun()).isEqualTo(2);
  }

  @Test
  void a_role_that_may_not_be_assumed_concerns_all_entries() throws Exception {
    var destination = played.open(played.settings("role_arn", ROLE));

    var failure = PlayedAws.failure(destination.send(ENTRY, NEXT, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .contains(
            "HTTP 403 AccessDenied: User: arn:aws:iam::123456789012:user/genesys is not authorized to perform: sts:AssumeRole",
            "; sts:AssumeRole on "
                + ROLE
                + " has to be allowed: by a policy of whoever asks, and by the role's trust policy, which may ask for external_id");
  }

  @Test
  void an_access_key_that_is_not_known_concerns_all_entries() throws Exception {
    played.aws.disown(PlayedSecretsManager.ACCESS_KEY_ID);

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .contains("UnrecognizedClientException", "check access_key_id and secret_access_key");
  }

  private Destination finding() {
    var settings = played.settings();
    settings.remove("access_key_id");
    settings.remove("secret_access_key");
    return played.open(settings);
  }

  @Test
  void a_process_that_finds_nothing_says_what_to_give() throws Exception {
    var failure = PlayedAws.failure(finding().send(ENTRY, NEXT, played.errand("one")));

    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .startsWith("log-in at AWS eu-central-1")
        .contains("no access key is given, and the sidecar's process finds none");
    assertThat(played.aws.requests()).isEmpty();
  }

  @Test
  void a_web_identity_is_logged_in_with_by_the_sidecars_own_way(@TempDir Path folder)
      throws Exception {
    var token = Files.writeString(folder.resolve("token"), "identity-token-1\n");
    System.setProperty("aws.webIdentityTokenFile", token.toString());
    System.setProperty("aws.roleArn", ROLE);
    played.aws.sts().trust(ROLE, "", "identity-token-1");

    look(finding());
    assertThat(played.aws.asked()).containsExactly("AssumeRoleWithWebIdentity", "GetSecretValue");
    assertThat(played.aws.requests().getFirst().headers()).doesNotContainKey("Authorization");
  }

  @Test
  void a_web_identity_that_is_not_taken_is_said_and_not_shown(@TempDir Path folder)
      throws Exception {
    System.setProperty("aws.webIdentityTokenFile", folder.resolve("token").toString());
    System.setProperty("aws.roleArn", ROLE);
    var destination = finding();
    assertThat(text(destination)).contains("AWS_WEB_IDENTITY_TOKEN_FILE", "it does not exist");

    Files.writeString(folder.resolve("token"), "identity-token-2");
    assertThat(text(destination))
        .contains("InvalidIdentityToken: its words quote a secret", "AWS_ROLE_ARN")
        .doesNotContain("identity-token-2");
  }

  private String text(Destination destination) throws InterruptedException {
    var failure = PlayedAws.failure(destination.send(ENTRY, NEXT, played.errand("one")));
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    return failure.why().text();
  }

  @Test
  void a_profile_is_found(@TempDir Path folder) throws IOException, InterruptedException {
    var file =
        Files.writeString(
            folder.resolve("credentials"),
            "[default]\naws_access_key_id=%s\naws_secret_access_key=%s\n"
                .formatted(
                    PlayedSecretsManager.ACCESS_KEY_ID, PlayedSecretsManager.SECRET_ACCESS_KEY));
    System.setProperty("aws.sharedCredentialsFile", file.toString());

    look(finding());
  }

  @ParameterizedTest
  @ValueSource(strings = {"credential_process = sleep 3600", "role_arn = " + ROLE})
  void a_profile_that_runs_a_program_or_asks_others_is_not_followed(
      String line, @TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("config"), "[default]\n" + line + "\n");
    System.setProperty("aws.configFile", file.toString());
    var settings = played.settings();
    settings.remove("access_key_id");
    settings.remove("secret_access_key");

    var failure = PlayedAws.failure(played.open(settings).send(ENTRY, NEXT, played.errand("one")));

    assertThat(failure.why().text())
        .contains(
            "says " + line.substring(0, line.indexOf(' ')), "set role_arn on the destination");
    assertThat(played.aws.requests()).isEmpty();
  }
}
