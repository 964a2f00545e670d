package dev.genesysvault.destination.google;

import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.failure;
import static dev.genesysvault.destination.google.OtherGoogle.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.resilience.SystemLocks;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** As whom Google is asked where no key is given, and what a sidecar without the library does. */
final class GcpLogInTest {
  /** A service of metadata that is away at first. */
  private static final class Metadata implements Transport {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean away = true;
    private volatile int status = 200;

    @Override
    public void exchange(Request request, Receiver receiver) throws FailedException {
      asked.add(request.method() + " " + request.uri());
      if (away) {
        throw new FailedException("told to be away", false);
      }
      var body =
          status == 200
              ? "{\"access_token\":\"ya29.s3cret\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
              : "{\"error\":\"invalid_grant\",\"error_description\":\"s3cret\"}";
      try {
        receiver.receive(
            new Head(
                status, Map.of("Metadata-Flavor", "Google", "Content-Type", "application/json")),
            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new FailedException(String.valueOf(e.getMessage()), true);
      }
    }
  }

  private static Destination open(OtherGoogle other, Transport transport) {
    var settings = OtherGoogle.settings();
    settings.remove("credentials");
    // The log-in of this process goes to Google alone.
    settings.remove("endpoint");
    return new GcpSecretManagerKind(other.network, transport, new SystemLocks()).open(settings);
  }

  @Test
  void a_service_of_metadata_may_come_after_it_was_looked_for() throws Exception {
    try (var other = new OtherGoogle()) {
      other.google.takeAccount("");
      other.secrets().make(OtherGoogle.SECRET);
      var metadata = new Metadata();
      var destination = open(other, metadata);

      var failure = failure(destination, VALUE);
      assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
      assertThat(failure.why().text())
          .startsWith("no credentials were found: write credentials, the key of a service account")
          .endsWith("(projects/acme-prod)");
      metadata.away = false;
      assertThat(sent(destination, VALUE)).isEqualTo("1");
      assertThat(sent(destination, VALUE)).isEqualTo("1");
      assertThat(metadata.asked.getLast()).contains("/computeMetadata/v1/instance/");
    }
  }

  /** The classes that a sidecar without the optional library has. */
  private static ClassLoader withoutGoogle() throws IOException {
    var files = new ArrayList<URL>();
    for (var file : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      boolean google =
          List.of("secretmanager", "gax", "google-auth", "google-http", "api-common", "iam-v1")
              .stream()
              .anyMatch(file.substring(file.lastIndexOf(File.separatorChar) + 1)::contains);
      if (!google) {
        files.add(Path.of(file).toUri().toURL());
      }
    }
    return new URLClassLoader(files.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void a_sidecar_without_the_library_knows_the_kind_and_refuses_to_open_it() throws Exception {
    var kind =
        withoutGoogle()
            .loadClass("dev.genesysvault.destination.google.GcpSecretManagerKind")
            .getConstructors()[0]
            .newInstance(null, null, null);
    var type = kind.getClass();

    assertThat(type.getMethod("name").invoke(kind)).isEqualTo("gcp_secret_manager");
    assertThat((List<?>) type.getMethod("settings").invoke(kind)).hasSize(9);
    var open = type.getMethod("open", Map.class);
    assertThatThrownBy(() -> open.invoke(kind, OtherGoogle.settings()))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageContaining("needs a library that this sidecar was started without")
        .hasMessageContaining("lib/optional/gcp");
    assertThatThrownBy(() -> open.invoke(kind, Map.of()))
        .rootCause()
        .hasMessageContaining("project_id is missing");
  }
}
