package dev.genesysvault.destination.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedAwsSecrets;
import dev.genesysvault.testing.PlayedSecretsManager;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A destination and the played AWS behind it. */
final class PlayedAws {
  static final String ENTRY = "apps/crm";
  static final Value VALUE = value("c-1", "s3cret-1");
  static final Value NEXT = value("c-2", "s3cret-2");
  static final String TEXT = "{\"client_id\":\"c-1\",\"client_secret\":\"s3cret-1\"}";
  static final String NEXT_TEXT = "{\"client_id\":\"c-2\",\"client_secret\":\"s3cret-2\"}";

  final FakeTime time = new FakeTime();
  final PlayedSecretsManager aws = new PlayedSecretsManager(time);
  final PlayedAwsSecrets secrets = aws.secrets();
  final Destination destination;

  PlayedAws(String... more) {
    this.destination = open(settings(more));
  }

  static Value value(String id, String secret) {
    var members = new LinkedHashMap<String, Object>();
    members.put("client_id", id);
    members.put("client_secret", secret);
    return new Value(members);
  }

  /** Returns settings with more of them, as names and values in turn. */
  Map<String, String> settings(String... more) {
    var settings = aws.settings();
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  Destination open(Map<String, String> settings) {
    return open(settings, new SoloLocks(time));
  }

  Destination open(Map<String, String> settings, Locks locks) {
    return new AwsSecretsManagerKind(aws, time, locks).open(settings);
  }

  /** Returns an errand that is the same for the same words. */
  Errand errand(String about) {
    return new Errand(
        Errand.id(about),
        Deadline.in(Duration.ofSeconds(60), time),
        () -> new Found.Not("no organisation is reached in this test"));
  }

  static String version(String about) {
    return Errand.id(about).toString();
  }

  Sent send(Value value, String about) throws InterruptedException {
    return destination.send(ENTRY, value, errand(about));
  }

  /** Sends, and wants it to succeed. */
  String sent(Value value, String about) throws InterruptedException {
    return confirmed(send(value, about));
  }

  static String confirmed(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Confirmed.class);
    return ((Sent.Confirmed) sent).version();
  }

  DestinationFailure failure(Value value, String about) throws InterruptedException {
    return failure(send(value, about));
  }

  static DestinationFailure failure(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    var failure = ((Sent.Failed) sent).failure();
    assertThat(failure.why().text())
        .doesNotContain("s3cret", "secret-access-key", "session-secret", "session-token")
        .hasSizeLessThan(2_000);
    return failure;
  }

  Seen look(Value value) throws InterruptedException {
    return destination.look(ENTRY, "any", value, errand("look"));
  }

  Removed remove(String version) throws InterruptedException {
    return destination.remove(ENTRY, version, errand("remove"));
  }

  Removed retire(String version, String... former) throws InterruptedException {
    return destination.retire(ENTRY, version, List.of(former), errand("retire"));
  }

  List<Finding> check(boolean writes) throws InterruptedException {
    return destination.check(ENTRY, writes, errand("check"));
  }
}
