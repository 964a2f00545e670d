package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.destination.aws.AwsSecretsManagerKind;
import dev.genesysvault.destination.aws.OtherHand;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A destination of the kind {@code aws_secrets_manager} with Secrets Manager and STS as moto plays
 * them; or with AWS itself, where {@code GENESYS_VAULT_LIVE_AWS_REGION} and {@code
 * GENESYS_VAULT_LIVE_AWS_SECRET_PREFIX} are set, with the credentials that this process finds, and
 * {@code GENESYS_VAULT_LIVE_AWS_ROLE_ARN} for a role to assume. What it makes it deletes.
 *
 * <p>Moto knows no permissions, quotas, signatures and encryption, and is never late. Unlike AWS it
 * shows versions that have no label, and answers a question that names no label by the version that
 * was made as the current one, whatever has the label by now.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AwsSecretsManagerTest {
  private static final Value VALUE = new Value(Map.of("client_id", "c-1", "client_secret", "s-1"));
  private static final Value NEXT = new Value(Map.of("client_id", "c-2", "client_secret", "s-2"));
  private static final String ROLE = "arn:aws:iam::123456789012:role/genesys";

  private final SystemTime time = new SystemTime();
  private final Transport transport = new HttpTransport(time, Network.ofJvm(List.of()));
  private final Optional<String> liveRegion = live("REGION");
  private final List<String> made = new ArrayList<>();
  private @Nullable MotoServer moto;
  private SecretsManagerClient others;

  private static Optional<String> live(String what) {
    var name = "GENESYS_VAULT_LIVE_AWS_" + what;
    return Optional.ofNullable(System.getProperty(name, System.getenv(name)));
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    if (liveRegion.isEmpty()) {
      moto = MotoServer.start(folder);
    }
    others = OtherHand.at(settings(), transport, time);
  }

  @AfterAll
  void stop() {
    for (var name : made) {
      others.deleteSecret(it -> it.secretId(name).forceDeleteWithoutRecovery(true));
    }
    if (moto != null) {
      moto.close();
    }
  }

  private Map<String, String> settings(String... more) {
    var settings = new HashMap<String, String>();
    settings.put("region", liveRegion.orElse("eu-central-1"));
    if (moto != null) {
      settings.putAll(
          Map.of(
              "endpoint",
              moto.address(),
              "sts_endpoint",
              moto.address(),
              "access_key_id",
              "AKIA0000000000000001",
              "secret_access_key",
              "of-nobody"));
    }
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private Destination open(Transport by, String... more) {
    return new AwsSecretsManagerKind(by, time, new SystemLocks()).open(settings(more));
  }

  private Destination open(String... more) {
    return open(transport, more);
  }

  /** Returns the name of a secret that is deleted in the end. */
  private String entry() {
    var name =
        "%s/%s".formatted(live("SECRET_PREFIX").orElse("genesys-vault-test"), UUID.randomUUID());
    made.add(name);
    return name;
  }

  private Errand errand(String about) {
    return new Errand(
        Errand.id(about),
        Deadline.in(Duration.ofSeconds(30), time),
        () -> new Found.Not("no organisation is reached in this test"));
  }

  private static String version(String about) {
    return Errand.id(about).toString();
  }

  private static Sent confirmed(String about) {
    return new Sent.Confirmed(version(about));
  }

  private static String text(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    return ((Sent.Failed) sent).failure().why().text();
  }

  /** Returns which version has which labels; moto shows those without a label as well. */
  private Map<String, List<String>> labels(String entry) {
    var labels =
        new HashMap<>(others.describeSecret(it -> it.secretId(entry)).versionIdsToStages());
    labels.values().removeIf(List::isEmpty);
    return labels;
  }

  /** Without a label, moto shows the version that was made the current one by its making. */
  private String current(String entry) {
    return others
        .getSecretValue(it -> it.secretId(entry).versionStage("AWSCURRENT"))
        .secretString();
  }

  private String created(String entry, String text) {
    return others.createSecret(it -> it.name(entry).secretString(text)).versionId();
  }

  @Test
  void values_are_sent_seen_retired_and_removed() throws Exception {
    var destination =
        open("create_secret", "true", "description", "of a test", "tags", "{\"team\":\"crm\"}");
    var entry = entry();

    assertThat(destination.send(entry, VALUE, errand("one" + entry)))
        .isEqualTo(confirmed("one" + entry));
    assertThat(current(entry)).contains("\"client_secret\":\"s-1\"");
    var description = others.describeSecret(it -> it.secretId(entry));
    assertThat(description.description()).isEqualTo("of a test");
    assertThat(description.tags()).anyMatch(tag -> tag.key().equals("team"));
    assertThat(destination.send(entry, VALUE, errand("again" + entry)))
        .isEqualTo(confirmed("one" + entry));

    assertThat(destination.send(entry, NEXT, errand("two" + entry)))
        .isEqualTo(confirmed("two" + entry));
    assertThat(current(entry)).contains("\"client_secret\":\"s-2\"");
    assertThat(labels(entry).get(version("two" + entry)))
        .containsExactlyInAnyOrder("AWSCURRENT", "GENESYS_VAULT");
    assertThat(labels(entry).get(version("one" + entry))).containsExactly("AWSPREVIOUS");
    assertThat(destination.look(entry, "any", NEXT, errand("look"))).isEqualTo(new Seen.AsSent());
    assertThat(destination.look(entry, "any", VALUE, errand("look")))
        .isInstanceOf(Seen.Otherwise.class);

    assertThat(
            destination.retire(
                entry, version("two" + entry), List.of(version("one" + entry)), errand("retire")))
        .isEqualTo(new Removed.Done());
    assertThat(labels(entry).values()).noneMatch(it -> it.contains("AWSPREVIOUS"));

    assertThat(destination.remove(entry, version("one" + entry), errand("remove")))
        .isEqualTo(new Removed.Done());
    assertThat(current(entry)).contains("s-2");
    assertThat(destination.remove(entry, version("two" + entry), errand("remove")))
        .isEqualTo(new Removed.Done());
    assertThat(destination.look(entry, "any", NEXT, errand("look")))
        .isEqualTo(new Seen.Otherwise("it is scheduled for deletion"));
    assertThat(text(destination.send(entry, NEXT, errand("three" + entry))))
        .contains("it is scheduled for deletion");
    var restoring = open("restore_secret", "true");
    assertThat(restoring.send(entry, VALUE, errand("three" + entry)))
        .isEqualTo(confirmed("three" + entry));
    assertThat(current(entry)).contains("s-1");
  }

  @Test
  void a_secret_that_is_not_there_is_said_to_be_missing() throws Exception {
    var destination = open();

    assertThat(text(destination.send("genesys-vault-test/none", VALUE, errand("none"))))
        .contains("it is not there: create it, or set create_secret");
    assertThat(destination.look("genesys-vault-test/none", "any", VALUE, errand("look")))
        .isEqualTo(new Seen.Otherwise("it was deleted"));
  }

  @Test
  void a_secret_without_a_version_gets_its_first_one() throws Exception {
    var entry = entry();
    others.createSecret(it -> it.name(entry));

    assertThat(open().send(entry, VALUE, errand("one" + entry)))
        .isEqualTo(confirmed("one" + entry));
    assertThat(labels(entry).get(version("one" + entry))).contains("AWSCURRENT");
  }

  /** Lets something happen around one call. */
  private Transport around(String action, boolean loses, Runnable before) {
    var done = new boolean[1];
    return (request, receiver) -> {
      var target = String.valueOf(request.headers().get("X-Amz-Target"));
      if (done[0] || !target.endsWith("." + action)) {
        transport.exchange(request, receiver);
        return;
      }
      done[0] = true;
      before.run();
      if (!loses) {
        transport.exchange(request, receiver);
        return;
      }
      transport.exchange(request, (_, _) -> {});
      throw new Transport.FailedException("the connection broke: told so", true);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"PutSecretValue", "UpdateSecretVersionStage", "CreateSecret"})
  void a_call_whose_answer_is_lost_is_repeated_and_makes_one_version(String action)
      throws Exception {
    var entry = entry();
    boolean there = !action.equals("CreateSecret");
    if (there) {
      created(entry, "{}");
    }
    var destination = open(around(action, true, () -> {}), "create_secret", "true");

    assertThat(text(destination.send(entry, VALUE, errand(action + entry)))).contains("told so");
    assertThat(destination.send(entry, VALUE, errand(action + entry)))
        .isEqualTo(confirmed(action + entry));
    assertThat(current(entry)).contains("s-1");
    assertThat(labels(entry)).hasSize(there ? 2 : 1);
  }

  @Test
  void whoever_moves_the_label_meanwhile_is_seen() throws Exception {
    var entry = entry();
    created(entry, "{}");
    var destination =
        open(
            around(
                "UpdateSecretVersionStage",
                false,
                () -> others.putSecretValue(it -> it.secretId(entry).secretString("{\"a\":1}"))));

    assertThat(text(destination.send(entry, VALUE, errand("one" + entry))))
        .contains("somebody else moved AWSCURRENT");
    assertThat(current(entry)).isEqualTo("{\"a\":1}");
    assertThat(destination.send(entry, VALUE, errand("one" + entry)))
        .isEqualTo(confirmed("one" + entry));
    assertThat(current(entry)).contains("s-1");
  }

  @Test
  void a_version_id_that_holds_something_else_is_refused() throws Exception {
    var entry = entry();
    var destination = open("create_secret", "true");
    destination.send(entry, VALUE, errand("one" + entry));

    assertThat(text(destination.send(entry, NEXT, errand("one" + entry))))
        .contains("ResourceExistsException");
    assertThat(current(entry)).contains("s-1");
  }

  @Test
  void a_secret_is_found_by_its_arn() throws Exception {
    var entry = entry();
    var arn = others.createSecret(it -> it.name(entry).secretString("{}")).arn();
    var kind = new AwsSecretsManagerKind(transport, time, new SystemLocks());
    kind.checkEntry(arn);

    assertThat(open().send(arn, VALUE, errand("one" + entry))).isEqualTo(confirmed("one" + entry));
    assertThat(current(entry)).contains("s-1");
  }

  @Test
  void a_check_writes_where_no_reader_sees_it() throws Exception {
    var entry = entry();
    var version = created(entry, "{}");

    var findings = open().check(entry, true, errand("check" + entry));
    assertThat(findings).allMatch(Finding::passed).hasSize(4);
    assertThat(findings.getFirst().detail()).startsWith("logged in as arn:aws");
    assertThat(current(entry)).isEqualTo("{}");
    assertThat(labels(entry)).isEqualTo(Map.of(version, List.of("AWSCURRENT")));
    assertThat(open().check(entry, true, errand("once more" + entry))).allMatch(Finding::passed);
  }

  @Test
  void a_role_is_assumed() throws Exception {
    var role = moto == null ? live("ROLE_ARN") : Optional.of(ROLE);
    assumeTrue(role.isPresent(), "there is no role to assume");
    var entry = entry();
    created(entry, "{}");
    var destination = open("role_arn", role.orElseThrow());

    assertThat(destination.send(entry, VALUE, errand("one" + entry)))
        .isEqualTo(confirmed("one" + entry));
    var logIn = destination.check(entry, false, errand("check" + entry)).getFirst();
    assertThat(logIn.detail()).contains(":assumed-role/").endsWith("/genesys-vault");
  }

  @Test
  void an_access_key_that_aws_does_not_know_is_said_so() throws Exception {
    assumeFalse(liveRegion.isEmpty(), "moto takes any key");
    var destination =
        open("access_key_id", "AKIA0000000000000001", "secret_access_key", "of-nobody");

    var sent = destination.send(entry(), VALUE, errand("one"));
    assertThat(text(sent)).contains("AWS does not take the access key");
    assertThat(((Sent.Failed) sent).failure().extent()).isEqualTo(Extent.DESTINATION);
  }
}
