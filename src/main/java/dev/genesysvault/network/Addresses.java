package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** What texts of hosts mean, without asking anybody for a name. */
final class Addresses {
  static final int LAST_PORT = 65_535;

  private Addresses() {}

  /** Returns the IP address that a text is; empty where it is a name. */
  static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether a name of a host may have it; an underscore is in names of internal hosts. */
  static boolean isOfName(int c) {
    return Texts.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
  }

  /** Returns the host of a URL as it is compared: lower case, no brackets, no dot at the end. */
  static String host(URI uri) {
    var host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.substring(1, host.length() - 1);
    }
    return Texts.withoutTrailing(host, c -> c == '.');
  }

  /** Returns the port of an http or https URL, told or not. */
  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  static String hostAndPort(URI uri) {
    return hostAndPort(host(uri), port(uri));
  }

  static String hostAndPort(String host, int port) {
    return (host.indexOf(':') < 0 ? "%s:%d" : "[%s]:%d").formatted(host, port);
  }
}
