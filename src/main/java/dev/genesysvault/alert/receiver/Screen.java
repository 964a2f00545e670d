package dev.genesysvault.alert.receiver;

import dev.genesysvault.domain.Texts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Keeps what a receiver's answer repeats of what it was sent from being shown: its URL beyond the
 * host, and its keys, however they are escaped or encoded there.
 */
final class Screen {
  private static final String REDACTED = "[redacted]";

  /** A shorter text is too common to be blotted out, and too short to be a secret. */
  private static final int SHORTEST_SECRET = 8;

  private static final int MOST_PARTS = 100;

  private final List<String> secrets = new ArrayList<>();

  Screen(ReceiverUrl url, List<String> keys) {
    var uri = url.uri();
    add(String.valueOf(uri.getRawPath()));
    add(String.valueOf(uri.getRawQuery()));
    keys.forEach(this::add);
    secrets.sort(Comparator.comparingInt(String::length).reversed());
  }

  /** Adds a text, and of a URL each part, since whoever repeats it may take it to pieces. */
  private void add(String text) {
    for (var form : List.of(text, decoded(text))) {
      keep(form);
      for (var part : Texts.split(form, '/', MOST_PARTS)) {
        for (var pair : Texts.split(part, '&', MOST_PARTS)) {
          keep(pair);
          keep(pair.substring(pair.indexOf('=') + 1));
        }
      }
    }
  }

  private void keep(String secret) {
    if (secret.length() >= SHORTEST_SECRET && !secrets.contains(secret)) {
      secrets.add(secret);
    }
  }

  /** Returns an answer as it may be shown: nothing of it where a secret is in it all the same. */
  String shown(String answer) {
    var text = answer;
    for (var secret : secrets) {
      text = text.replace(secret, REDACTED);
    }
    var plain = plain(text);
    boolean repeats =
        secrets.stream()
            .map(Screen::plain)
            .filter(secret -> secret.length() >= SHORTEST_SECRET)
            .anyMatch(plain::contains);
    return repeats ? REDACTED : text.strip();
  }

  /** Returns letters and digits alone, in lower case, of what a text says once it is decoded. */
  private static String plain(String text) {
    var plain = new StringBuilder();
    decoded(text).chars().filter(Texts::isLetterOrDigit).forEach(c -> plain.append((char) c));
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  /** Returns a text with its percent-encoded characters and JSON's escaped ones as they are. */
  private static String decoded(String text) {
    var decoded = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int code = at;
      int digits = 0;
      if (text.charAt(at) == '%') {
        code = at + 1;
        digits = 2;
      } else if (text.startsWith("\\u", at)) {
        code = at + 2;
        digits = 4;
      }
      if (digits > 0 && isHex(text, code, digits)) {
        decoded.append((char) HexFormat.fromHexDigits(text, code, code + digits));
        at = code + digits;
      } else {
        decoded.append(text.charAt(at));
        at++;
      }
    }
    return decoded.toString();
  }

  private static boolean isHex(String text, int begin, int digits) {
    return begin + digits <= text.length()
        && text.substring(begin, begin + digits).chars().allMatch(HexFormat::isHexDigit);
  }
}
