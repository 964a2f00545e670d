package dev.genesysvault.destination.aws;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.GivenUrls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Addresses that are given in the place of a region's own. */
final class Urls {
  private static final int LONGEST = 500;

  private Urls() {}

  /**
   * Reads one.
   *
   * @return without a slash at its end
   * @throws IllegalArgumentException field, value without a log-in, what is allowed
   */
  static URI parse(String field, String text) {
    var trimmed = Texts.withoutTrailingSlashes(text.strip());
    try {
      var url = new URI(trimmed);
      var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean plain = scheme.equals("http");
      boolean whole =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.getRawPath().isEmpty();
      if (!whole || trimmed.length() > LONGEST || !(plain || scheme.equals("https"))) {
        throw bad(
            field,
            text,
            "must be an https URL of at most %d characters without user, path, query or fragment, such as https://vpce-0a1b.secretsmanager.eu-central-1.vpce.amazonaws.com"
                .formatted(LONGEST));
      }
      if (plain && !GivenUrls.isLoopback(url.getHost())) {
        throw bad(
            field,
            text,
            "must be https, since credentials would cross the network unencrypted; http is for loopback addresses alone");
      }
      return url;
    } catch (URISyntaxException _) {
      throw bad(field, text, "must be an https URL without blanks");
    }
  }

  /** Shows no part in which a password or a token may stand. */
  private static IllegalArgumentException bad(String field, String text, String allowed) {
    var shown = GivenUrls.shown(text, LONGEST);
    return new IllegalArgumentException("%s is \"%s\"; %s".formatted(field, shown, allowed));
  }
}
