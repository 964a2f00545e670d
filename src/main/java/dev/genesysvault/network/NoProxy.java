package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * To which hosts no proxy leads, as {@code NO_PROXY} says it: entries between commas or white
 * space, each a name, an IP address, a network such as {@code 10.0.0.0/8}, or {@code *} for every
 * host. A name stands for itself and for all below it, with or without a dot before it, as for
 * curl. Name and address may have a port.
 *
 * @see <a href="https://everything.curl.dev/usingcurl/proxies/env.html">curl's rules</a>
 */
public final class NoProxy {
  /** Nothing: every host is reached through the proxy. */
  public static final NoProxy NONE = new NoProxy(List.of(), List.of());

  private static final int LONGEST = 64 * 1024;
  private static final int MOST_ENTRIES = 1_000;
  private static final int LONGEST_NAME = 253;
  private static final int ANY_PORT = 0;

  private sealed interface Entry {
    /**
     * Whether a host is meant.
     *
     * @param address where the host is an address
     */
    boolean matches(String host, Optional<InetAddress> address, int port);

    record Every() implements Entry {
      @Override
      public boolean matches(String host, Optional<InetAddress> address, int port) {
        return true;
      }
    }

    record Name(String name, int ofPort) implements Entry {
      @Override
      public boolean matches(String host, Optional<InetAddress> address, int port) {
        return address.isEmpty()
            && (ofPort == ANY_PORT || ofPort == port)
            && (host.equals(name) || host.endsWith("." + name));
      }
    }

    record Net(InetAddress net, int bits, int ofPort) implements Entry {
      @Override
      public boolean matches(String host, Optional<InetAddress> address, int port) {
        return (ofPort == ANY_PORT || ofPort == port)
            && address.filter(it -> within(it.getAddress(), net.getAddress())).isPresent();
      }

      private boolean within(byte[] address, byte[] wanted) {
        if (address.length != wanted.length) {
          return false;
        }
        for (int i = 0; i < bits; i++) {
          int mask = 0x80 >> (i % 8);
          if (((address[i / 8] ^ wanted[i / 8]) & mask) != 0) {
            return false;
          }
        }
        return true;
      }
    }
  }

  private final List<Entry> entries;
  private final List<String> notUnderstood;

  private NoProxy(List<Entry> entries, List<String> notUnderstood) {
    this.entries = List.copyOf(entries);
    this.notUnderstood = List.copyOf(notUnderstood);
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException what must be otherwise, where it is too long
   */
  public static NoProxy parse(String text) {
    var entries = new ArrayList<Entry>();
    var notUnderstood = new ArrayList<String>();
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("must have at most %,d characters".formatted(LONGEST));
    }
    int count = 0;
    int begin = 0;
    for (int end = 0; end <= text.length(); end++) {
      if (end < text.length() && !isSeparator(text.charAt(end))) {
        continue;
      }
      if (end > begin) {
        if (++count > MOST_ENTRIES) {
          throw new IllegalArgumentException("must have at most %,d hosts".formatted(MOST_ENTRIES));
        }
        var word = text.substring(begin, end);
        entry(word.toLowerCase(Locale.ROOT))
            .ifPresentOrElse(entries::add, () -> notUnderstood.add(word));
      }
      begin = end + 1;
    }
    return new NoProxy(entries, notUnderstood);
  }

  private static boolean isSeparator(char c) {
    return c == ',' || Character.isWhitespace(c);
  }

  private static Optional<Entry> entry(String word) {
    if (word.equals("*")) {
      return Optional.of(new Entry.Every());
    }
    int slash = word.indexOf('/');
    if (slash >= 0) {
      return network(word.substring(0, slash), word.substring(slash + 1));
    }
    // Colons are in an IPv6 address as well as before a port.
    var whole = host(word, ANY_PORT);
    if (whole.isPresent()) {
      return whole;
    }
    int colon = word.lastIndexOf(':');
    if (colon < 0 || !Texts.consistsOf(word.substring(colon + 1), 1, 5, Texts::isDigit)) {
      return Optional.empty();
    }
    int port = Integer.parseInt(word.substring(colon + 1));
    return port < 1 || port > Addresses.LAST_PORT
        ? Optional.empty()
        : host(word.substring(0, colon), port);
  }

  private static Optional<Entry> host(String word, int port) {
    boolean bracketed = word.startsWith("[") && word.endsWith("]");
    var address = Addresses.literal(bracketed ? word.substring(1, word.length() - 1) : word);
    // Without brackets, what stands behind the last colon of an IPv6 address is a part of it.
    if (address.isPresent() && (bracketed || port == ANY_PORT || word.indexOf(':') < 0)) {
      var net = address.get();
      return Optional.of(new Entry.Net(net, net.getAddress().length * 8, port));
    }
    var name = Texts.withoutTrailing(word, c -> c == '.');
    if (name.startsWith("*.")) {
      name = name.substring(2);
    } else if (name.startsWith(".")) {
      name = name.substring(1);
    }
    return Texts.consistsOf(name, 1, LONGEST_NAME, Addresses::isOfName)
        ? Optional.of(new Entry.Name(name, port))
        : Optional.empty();
  }

  private static Optional<Entry> network(String address, String bits) {
    var net = Addresses.literal(address);
    if (net.isEmpty() || !Texts.consistsOf(bits, 1, 3, Texts::isDigit)) {
      return Optional.empty();
    }
    int count = Integer.parseInt(bits);
    return count > net.get().getAddress().length * 8
        ? Optional.empty()
        : Optional.of(new Entry.Net(net.get(), count, ANY_PORT));
  }

  /** Returns the entries that mean nothing, as they were written; no host is meant by them. */
  public List<String> notUnderstood() {
    return notUnderstood;
  }

  /**
   * Whether no proxy leads to a host.
   *
   * @param host lower case, an IPv6 address without brackets
   */
  boolean matches(String host, int port) {
    var address = Addresses.literal(host);
    return entries.stream().anyMatch(entry -> entry.matches(host, address, port));
  }

  @Override
  public String toString() {
    return "NoProxy[%d]".formatted(entries.size());
  }
}
