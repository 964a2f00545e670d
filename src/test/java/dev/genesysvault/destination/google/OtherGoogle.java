package dev.genesysvault.destination.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Value;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.NoProxy;
import dev.genesysvault.network.ProxyLogIn;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.testing.ForwardProxy;
import dev.genesysvault.testing.PlainErrand;
import dev.genesysvault.testing.PlayedGoogle;
import dev.genesysvault.testing.PlayedGoogleSecrets;
import dev.genesysvault.testing.PlayedSecretManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A destination and the played Secret Manager behind it, reached through a forward proxy, which
 * alone knows its name: TLS to a host whose certificate the sidecar is told to trust.
 */
final class OtherGoogle implements AutoCloseable {
  static final String HOST = "secretmanager.genesys.test";
  static final String ACCOUNT = "genesys-vault@acme-prod.iam.gserviceaccount.com";
  static final String ENTRY = "genesys-billing";
  static final String SECRET = "projects/acme-prod/secrets/" + ENTRY;
  static final Value VALUE = value("c-1", "s3cret-one");
  static final Value NEXT = value("c-2", "s3cret-two");
  static final Value THIRD = value("c-3", "s3cret-three");

  final PlayedSecretManager google;
  final ForwardProxy proxy = ForwardProxy.start();
  final Network network;
  private final Transport transport;
  Optional<ProxyLogIn> logIn = Optional.empty();

  OtherGoogle() throws Exception {
    this(PlayedSecretManager.start());
  }

  OtherGoogle(PlayedSecretManager google) throws Exception {
    this.google = google;
    google.takeAccount(ACCOUNT);
    proxy.leadsTo(HOST + ":443", google.port());
    proxy.leadsTo("secretmanager.googleapis.com:443", google.port());
    this.network =
        Network.of(
            new ProxyRules(Optional.of(ProxyUrl.parse(proxy.url())), false, NoProxy.NONE),
            () -> logIn,
            PlayedGoogle.trusted());
    this.transport = new HttpTransport(new SystemTime(), network);
  }

  private static Value value(String id, String secret) {
    var members = new LinkedHashMap<String, Object>();
    members.put("client_id", id);
    members.put("client_secret", secret);
    members.put("version", 7L);
    members.put("roles", List.of("a", "b"));
    return new Value(members);
  }

  static String json(Object tree) {
    try {
      return new ObjectMapper().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("project_id", "acme-prod");
    settings.put("endpoint", HOST);
    settings.put("credentials", json(PlayedGoogle.key()));
    return settings;
  }

  GcpSecretManagerKind kind() {
    return new GcpSecretManagerKind(network, transport, new SystemLocks());
  }

  Destination open(String... more) {
    var settings = settings();
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return kind().open(settings);
  }

  PlayedGoogleSecrets secrets() {
    return google.secrets();
  }

  static Errand soon() {
    return within(Duration.ofSeconds(60));
  }

  static Errand within(Duration time) {
    return PlainErrand.by(Deadline.in(time, new SystemTime()));
  }

  /** Sends, and wants it to succeed. */
  static String sent(Destination destination, Value value) throws InterruptedException {
    var sent = destination.send(ENTRY, value, soon());
    assertThat(sent).as(String.valueOf(sent)).isInstanceOf(Sent.Confirmed.class);
    return ((Sent.Confirmed) sent).version();
  }

  static DestinationFailure failure(Destination destination, Value value)
      throws InterruptedException {
    return failure(destination.send(ENTRY, value, soon()));
  }

  static DestinationFailure failure(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    return clean(((Sent.Failed) sent).failure());
  }

  static DestinationFailure failure(Removed removed) {
    assertThat(removed).isInstanceOf(Removed.Failed.class);
    return clean(((Removed.Failed) removed).failure());
  }

  /** No text of a failure shows a secret, or is without an end. */
  private static DestinationFailure clean(DestinationFailure failure) {
    assertThat(failure.why().text())
        .doesNotContain("s3cret", "PRIVATE KEY", "Bearer", "eyJ", "\n")
        .hasSizeLessThan(1_000);
    return failure;
  }

  static Seen look(Destination destination, Value value) throws InterruptedException {
    return destination.look(ENTRY, "1", value, soon());
  }

  static Removed retire(Destination destination, String version, String... former)
      throws InterruptedException {
    return destination.retire(ENTRY, version, List.of(former), soon());
  }

  static Removed remove(Destination destination, String version) throws InterruptedException {
    return destination.remove(ENTRY, version, soon());
  }

  static List<Finding> check(Destination destination) throws InterruptedException {
    return destination.check(ENTRY, false, soon());
  }

  @Override
  public void close() {
    proxy.close();
    google.close();
  }
}
