package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.HeaderName;
import dev.genesysvault.network.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file of HTTP headers, a line {@code NAME: VALUE} each. Values may hold keys: nothing of the
 * file is quoted anywhere. It is read with each push, so that it may be replaced at any time.
 */
final class HeadersFile {
  private static final int LARGEST = 16 * 1024;
  private static final int MOST = 32;
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "connection",
          "expect",
          "transfer-encoding",
          "upgrade");

  private final Path path;

  HeadersFile(Path path) {
    this.path = path;
  }

  /**
   * Reads it.
   *
   * @throws IOException if it does not hold headers; the message says what is wrong and what to do
   */
  Map<String, String> read() throws IOException {
    try {
      var text = new String(SmallFile.read(path, LARGEST), StandardCharsets.US_ASCII);
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      int number = 0;
      for (var line : Texts.split(text, '\n', LARGEST)) {
        number++;
        if (!line.isBlank()) {
          add(line, number, headers);
        }
      }
      return headers;
    } catch (IOException e) {
      throw new IOException(
          "--metrics-otlp-headers-file is \"%s\": %s; it must be a file of at most %d lines NAME: VALUE, in ASCII and of at most 16 kB, that the sidecar's user may read"
              .formatted(path, e.getMessage(), MOST),
          e);
    }
  }

  private static void add(String line, int number, Map<String, String> headers) throws IOException {
    int colon = line.indexOf(':');
    var name = line.substring(0, Math.max(0, colon)).strip();
    var value = line.substring(colon + 1).strip();
    boolean fits = HeaderName.isOne(name) && value.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (!fits) {
      throw new IOException("line %d is no header".formatted(number));
    }
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IOException("line %d names a header that the sidecar sets".formatted(number));
    }
    if (headers.put(name, value) != null) {
      throw new IOException("line %d names a header once more".formatted(number));
    }
    if (headers.size() > MOST) {
      throw new IOException("it has more than %d headers".formatted(MOST));
    }
  }
}
