package dev.genesysvault.destination.google;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As whom Google is asked: the service account of a key, or whom the sidecar's process runs as
 * there. A key's tokens are made here and signed with it, as Google's own client does, so that no
 * token is asked for; others are kept until shortly before their end.
 */
final class GoogleLogIn {
  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  /** How the library says that of the file that the environment names. */
  private static final String UNREADABLE = "Error reading credential file";

  private static final int LONGEST_WORD = 40;
  private static final int MOST_CAUSES = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final GcpSettings settings;
  private final HttpTransportFactory http;
  private final Locks.Monitor monitor;
  private @Nullable GoogleCredentials credentials;
  private boolean refused;

  /**
   * Makes one; asks nobody.
   *
   * @throws IllegalArgumentException if a key was given that cannot be used; quotes no secret
   */
  GoogleLogIn(GcpSettings settings, Transport transport, Locks locks) {
    HttpTransport way = new GoogleHttp(transport);
    this.settings = settings;
    this.http = () -> way;
    this.monitor = locks.monitor();
    this.credentials = settings.key().map(this::ofKey).orElse(null);
  }

  /** This process has nobody's credentials. */
  private static final class NoneFoundException extends IOException {
    private static final long serialVersionUID = 1;

    private NoneFoundException(String why) {
      super(why);
    }
  }

  private GoogleCredentials ofKey(ServiceAccountKey key) {
    try {
      return ServiceAccountCredentials.fromPkcs8(
              key.clientId(),
              key.email(),
              key.privateKey().reveal(),
              key.keyId(),
              SCOPES,
              http,
              key.tokenUri())
          .createWithUseJwtAccessWithScope(true);
    } catch (IOException _) {
      throw new IllegalArgumentException(
          "credentials have a private_key that is none; must be the key of a service account as JSON, as Google gives it out");
    }
  }

  /** Returns what goes with a call, by header; it holds a secret. */
  Map<String, List<String>> headers(Deadline deadline)
      throws NotDoneException, InterruptedException {
    try {
      return ScopedValue.where(GoogleHttp.DEADLINE, deadline).call(this::headers);
    } catch (IOException e) {
      throw notLoggedIn(e);
    }
  }

  private Map<String, List<String>> headers() throws IOException {
    var known = credentials();
    // A key's token is made anew with the credentials; there is nobody to ask for one.
    if (monitor.get(() -> refused) && settings.key().isEmpty()) {
      known.refresh();
    }
    monitor.run(() -> refused = false);
    return known.getRequestMetadata(URI.create("https://" + settings.address().getHost() + "/"));
  }

  private GoogleCredentials credentials() throws IOException {
    var known = monitor.get(() -> Optional.ofNullable(credentials));
    if (known.isPresent()) {
      return known.get();
    }
    var found = found();
    monitor.run(() -> credentials = found);
    return found;
  }

  private GoogleCredentials found() throws IOException {
    try {
      return GoogleCredentials.getApplicationDefault(http).createScoped(SCOPES);
    } catch (IOException e) {
      interrupted(e);
      // The library looks for a service of metadata once in a process; it may have come since.
      var machine = ComputeEngineCredentials.newBuilder().setHttpTransportFactory(http).build();
      try {
        machine.refresh();
        return machine.createScoped(SCOPES);
      } catch (IOException none) {
        interrupted(none);
        throw new NoneFoundException(
            String.valueOf(e.getMessage()).startsWith(UNREADABLE)
                ? "the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be used"
                : "no credentials were found");
      }
    }
  }

  /** Has the next call log in anew: Google does not take what was sent. */
  void refused() {
    monitor.run(() -> {
      refused = true;
      credentials = settings.key().map(this::ofKey).orElse(credentials);
    });
  }

  private NotDoneException notLoggedIn(IOException cause) throws InterruptedException {
    int count = 0;
    for (Throwable each = cause; each != null && count < MOST_CAUSES; each = each.getCause()) {
      count++;
      if (each instanceof InterruptedIOException || each instanceof InterruptedException) {
        throw new InterruptedException();
      }
      if (each instanceof NoneFoundException) {
        return failed(
            each.getMessage()
                + ": write credentials, the key of a service account, or have the sidecar run as somebody whom Google knows (GOOGLE_APPLICATION_CREDENTIALS, or a service of metadata)");
      }
      if (each instanceof FailedException failed) {
        return failed("the log-in failed: " + failed.getMessage());
      }
      if (each instanceof HttpResponseException answer) {
        return failed(
            "the log-in was refused with HTTP %d%s; give %s a key or a token that Google takes"
                .formatted(answer.getStatusCode(), word(answer), settings.who()));
      }
    }
    // What the library says may quote what it was given.
    return failed("the log-in failed: " + cause.getClass().getSimpleName());
  }

  private static void interrupted(IOException cause) throws InterruptedIOException {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof InterruptedIOException || each instanceof InterruptedException) {
        throw new InterruptedIOException();
      }
    }
  }

  /** Returns the one word by which OAuth says why, and nothing that may quote. */
  private static String word(HttpResponseException answer) {
    try {
      var tree = MAPPER.readTree(String.valueOf(answer.getContent()));
      var word = tree == null ? "" : tree.path("error").asText("");
      boolean known =
          Texts.consistsOf(word, 1, LONGEST_WORD, c -> c == '_' || (c >= 'a' && c <= 'z'));
      return known ? " " + word : "";
    } catch (JsonProcessingException _) {
      return "";
    }
  }

  private NotDoneException failed(String what) {
    var text = "%s at %s".formatted(what, settings.place());
    return new NotDoneException(
        new DestinationFailure(Trouble.of(text), Extent.DESTINATION, Duration.ZERO));
  }

  @Override
  public String toString() {
    return "GoogleLogIn[%s]".formatted(settings.who());
  }
}
