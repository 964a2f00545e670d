package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;

/** What is said of URLs that somebody gives as a setting. */
public final class GivenUrls {
  private GivenUrls() {}

  /** Whether a URL's host is this one, by its name or an address; asks nobody for a name. */
  public static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || Addresses.literal(Texts.trimmed(host, c -> c == '[' || c == ']'))
            .filter(address -> address.isLoopbackAddress())
            .isPresent();
  }

  /**
   * Returns what may be shown of a text that should have been a URL: no part in which a password or
   * a token may stand.
   *
   * @param most characters
   */
  public static String shown(String text, int most) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != '?' && text.charAt(end) != '#') {
      end++;
    }
    return ProxyUrl.withoutLogIn(Texts.printable(text.substring(0, end), most));
  }
}
