package dev.genesysvault.alert.receiver;

import dev.genesysvault.network.GivenUrls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/**
 * The URL that a receiver is posted to. All of it but its host is taken for a secret: whoever knows
 * it may write there.
 */
final class ReceiverUrl {
  static final String FIELD = "url";

  private final URI uri;

  private ReceiverUrl(URI uri) {
    this.uri = uri;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException one sentence: field, what is allowed; quotes no more than the
   *     host
   */
  static ReceiverUrl of(Map<String, String> settings, String example) {
    var text = settings.get(FIELD);
    if (text == null) {
      throw new IllegalArgumentException(
          "url is missing; must be an https URL such as %s".formatted(example));
    }
    return of(text, example);
  }

  /** As {@link #of(Map, String)}, of a text. */
  static ReceiverUrl of(String text, String example) {
    try {
      var uri = new URI(text);
      var host = uri.getHost();
      boolean plain = "http".equals(uri.getScheme());
      if (host == null
          || !(plain || "https".equals(uri.getScheme()))
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null
          || uri.getPort() == 0
          || uri.getPort() > 65_535) {
        throw new URISyntaxException(text, "no URL of a receiver");
      }
      if (plain && !GivenUrls.isLoopback(host)) {
        throw new IllegalArgumentException(
            "url leads to %s by http; must be https, since it and what is sent there are secrets (http is for this host alone)"
                .formatted(host));
      }
      return new ReceiverUrl(uri);
    } catch (URISyntaxException _) {
      // It may be a secret that came into the wrong field.
      throw new IllegalArgumentException(
          "url is no URL that can be posted to; must be an https URL with a host and without user and fragment, such as %s"
              .formatted(example));
    }
  }

  URI uri() {
    return uri;
  }

  /** Returns host and port, which are no secret. */
  String host() {
    return uri.getPort() < 0 ? uri.getHost() : "%s:%d".formatted(uri.getHost(), uri.getPort());
  }

  /** Names no more than the host. */
  @Override
  public String toString() {
    return "ReceiverUrl[%s]".formatted(host());
  }
}
