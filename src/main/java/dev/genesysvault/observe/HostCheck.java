package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a browser may believe to ask. A page of somebody else may lead its own name to this address,
 * and would read what is shown as if it were its own: so a name must be known here. An address is
 * no name, and nobody can lead it elsewhere; and every browser says whom it asks, so that who does
 * not is none.
 */
final class HostCheck {
  private static final int LONGEST_HOST = 100;

  private final Set<String> names;

  /**
   * Makes one.
   *
   * @param names beside {@code localhost}, in lower case
   */
  HostCheck(List<String> names) {
    this.names = new HashSet<>(names);
    this.names.add("localhost");
  }

  /**
   * Returns what is answered instead of what was asked for; empty where that may be answered.
   *
   * @param header {@code Host}; empty for none
   */
  Optional<Answer> refusal(String header) {
    return allows(header)
        ? Optional.empty()
        : Optional.of(
            Answer.text(
                403,
                "nothing is shown to whoever asks for \"%s\": ask by the address, or start the sidecar with that name in --page-hosts"
                    .formatted(Texts.printable(header, LONGEST_HOST))));
  }

  /** Whether a {@code Host} header may be answered. */
  boolean allows(String header) {
    var host = withoutPort(header.strip()).toLowerCase(Locale.ROOT);
    return header.isEmpty() || names.contains(host) || isIpv4(host) || isIpv6(host);
  }

  private static String withoutPort(String header) {
    int colon = header.lastIndexOf(':');
    boolean port =
        colon > 0
            && header.indexOf(']', colon) < 0
            && Texts.consistsOf(header.substring(colon + 1), 1, 5, Texts::isDigit);
    return port ? header.substring(0, colon) : header;
  }

  private static boolean isIpv4(String host) {
    var parts = Texts.split(host, '.', 5);
    return parts.size() == 4
        && parts.stream()
            .allMatch(part ->
                Texts.consistsOf(part, 1, 3, Texts::isDigit) && Integer.parseInt(part) <= 255);
  }

  private static boolean isIpv6(String host) {
    return host.startsWith("[")
        && host.endsWith("]")
        && host.indexOf(':') > 0
        && Texts.consistsOf(
            host.substring(1, host.length() - 1),
            2,
            45,
            c -> c == ':' || c == '.' || Texts.isDigit(c) || (c >= 'a' && c <= 'f'));
  }
}
