package dev.genesysvault.destination.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Value;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlainErrand;
import dev.genesysvault.testing.PlayedKv;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A destination and the played Vault behind it. */
final class OtherVault {
  static final String ENTRY = "apps/billing";
  static final Value VALUE =
      new Value(
          Map.of(
              "client_id",
              "c-1",
              "client_secret",
              "s3cret-1",
              "version",
              7,
              "roles",
              List.of("a", "b"),
              "grace",
              Map.of("seconds", 90L, "open", true)));
  static final Value NEXT = new Value(Map.of("client_id", "c-2", "client_secret", "s3cret-2"));

  final FakeTime time = new FakeTime();
  final PlayedKv vault = new PlayedKv(time);
  final Destination destination;

  OtherVault() {
    this.destination = open(vault.settings());
  }

  OtherVault(Locks locks) {
    this.destination = open(vault.settings(), locks);
  }

  Destination open(Map<String, String> settings) {
    return open(settings, new SoloLocks(time));
  }

  private Destination open(Map<String, String> settings, Locks locks) {
    return new VaultKvKind(vault, time, locks, Optional.empty()).open(settings);
  }

  Errand soon() {
    return PlainErrand.by(Deadline.in(Duration.ofSeconds(60), time));
  }

  Sent send(Value value) throws InterruptedException {
    return destination.send(ENTRY, value, soon());
  }

  /** Sends, and wants it to succeed. */
  String sent(Value value) throws InterruptedException {
    var sent = send(value);
    assertThat(sent).isInstanceOf(Sent.Confirmed.class);
    return ((Sent.Confirmed) sent).version();
  }

  DestinationFailure failure(Value value) throws InterruptedException {
    return failure(send(value));
  }

  static DestinationFailure failure(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    var failure = ((Sent.Failed) sent).failure();
    assertThat(failure.why().text()).doesNotContain("s3cret", "secret-id-1", "token-");
    return failure;
  }

  Seen look(String version, Value value) throws InterruptedException {
    return destination.look(ENTRY, version, value, soon());
  }

  Removed remove(String version) throws InterruptedException {
    return destination.remove(ENTRY, version, soon());
  }

  List<Finding> check() throws InterruptedException {
    return destination.check(ENTRY, false, soon());
  }
}
