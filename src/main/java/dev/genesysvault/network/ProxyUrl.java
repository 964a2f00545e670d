package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP proxy as a URL names it. Its port is always told: tools disagree on what is meant where
 * none is.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param logIn what stood before an {@code @}
 */
public record ProxyUrl(String host, int port, Optional<ProxyLogIn> logIn) {
  private static final String FORM = "must be http://HOST:PORT, such as http://proxy.example:3128";
  private static final String PLAIN = "http://";
  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_SHOWN = 200;

  /**
   * Reads {@code http://user:password@host:port}; scheme, log-in and a slash at the end may be left
   * out. User and password are percent-encoded.
   *
   * @throws IllegalArgumentException what must be otherwise; quotes nothing of the text
   */
  public static ProxyUrl parse(String text) {
    var rest = text;
    if (text.contains("://")) {
      if (!text.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
        throw new IllegalArgumentException(
            FORM + ": plain HTTP is spoken to a proxy, nothing else");
      }
      rest = text.substring(PLAIN.length());
    }
    int at = rest.lastIndexOf('@');
    Optional<ProxyLogIn> logIn = at < 0 ? Optional.empty() : Optional.of(logIn(rest, at));
    var address = rest.substring(at + 1);
    if (address.endsWith("/")) {
      address = address.substring(0, address.length() - 1);
    }
    int colon = address.lastIndexOf(':');
    return new ProxyUrl(
        host(address.substring(0, Math.max(0, colon))), port(address.substring(colon + 1)), logIn);
  }

  private static ProxyLogIn logIn(String rest, int at) {
    var both = rest.substring(0, at);
    int colon = both.indexOf(':');
    return colon < 0
        ? ProxyLogIn.of(decoded(both), "")
        : ProxyLogIn.of(decoded(both.substring(0, colon)), decoded(both.substring(colon + 1)));
  }

  private static String host(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    var host = bracketed ? text.substring(1, text.length() - 1) : text;
    boolean known =
        bracketed
            ? Addresses.literal(host).isPresent() && host.indexOf(':') >= 0
            : Texts.consistsOf(host, 1, LONGEST_HOST, Addresses::isOfName);
    if (!known) {
      throw new IllegalArgumentException(FORM);
    }
    return host.toLowerCase(Locale.ROOT);
  }

  private static int port(String text) {
    if (Texts.consistsOf(text, 1, 5, Texts::isDigit)) {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= Addresses.LAST_PORT) {
        return port;
      }
    }
    throw new IllegalArgumentException(FORM + " (the port has to be told)");
  }

  private static String decoded(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    var raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        bytes.write(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw undecodable();
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      throw undecodable();
    }
  }

  private static IllegalArgumentException undecodable() {
    return new IllegalArgumentException(
        "its user and password must be percent-encoded UTF-8, a percent sign as %25");
  }

  /** Returns what may be shown of a text that should have been such a URL. */
  public static String withoutLogIn(String text) {
    int scheme = text.indexOf("://");
    boolean schemed =
        scheme > 0 && Texts.consistsOf(text.substring(0, scheme), 1, 10, Texts::isLetterOrDigit);
    var begin = schemed ? text.substring(0, scheme + 3) : "";
    var rest = text.substring(begin.length());
    int at = rest.lastIndexOf('@');
    var address = rest.substring(at + 1);
    int colon = address.lastIndexOf(':');
    // Where no host follows, it is a password that stands behind the colon.
    boolean port = Texts.consistsOf(address.substring(colon + 1), 0, 5, Texts::isDigit);
    var shown = colon < 0 || port ? address : address.substring(0, colon + 1) + "…";
    return Texts.cut(begin + (at < 0 ? "" : "…@") + shown, LONGEST_SHOWN);
  }

  /** Returns host and port, and nothing of the log-in. */
  @Override
  public String toString() {
    return Addresses.hostAndPort(host, port);
  }
}
