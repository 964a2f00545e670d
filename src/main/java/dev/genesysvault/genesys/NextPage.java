package dev.genesysvault.genesys;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on, as Genesys says it: believed as far as it leads to the same list at the
 * same host. A token goes nowhere else, whatever a reply says.
 */
final class NextPage {
  private static final int LONGEST = 2_000;
  private static final int MOST_PARAMETERS = 20;

  private NextPage() {}

  /**
   * Returns the query of the next page.
   *
   * @param nextUri whole, or from the path on
   * @param api the base address of the API, which may have a path of its own
   * @param path of the list, below that
   * @return empty where it leads elsewhere, or makes no sense
   */
  static Optional<Map<String, String>> query(String nextUri, URI api, String path) {
    if (nextUri.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var next = new URI(nextUri);
      boolean here =
          next.getRawAuthority() == null ? next.getScheme() == null : sameHost(next, api);
      // Genesys does not know of the path under which a gateway serves it.
      boolean thisList =
          path.equals(next.getPath()) || (api.getPath() + path).equals(next.getPath());
      return here && thisList && next.getRawFragment() == null
          ? parameters(next.getRawQuery())
          : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean sameHost(URI next, URI api) {
    return api.getScheme().equalsIgnoreCase(next.getScheme())
        && next.getRawUserInfo() == null
        && api.getHost() != null
        && api.getHost().equalsIgnoreCase(next.getHost())
        && port(next) == port(api);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  /** A page without a parameter of its own would be the first one again. */
  private static Optional<Map<String, String>> parameters(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    var parts = new StringTokenizer(query == null ? "" : query, "&");
    while (parts.hasMoreTokens()) {
      var part = parts.nextToken();
      int equals = part.indexOf('=');
      var name = decoded(equals < 0 ? part : part.substring(0, equals));
      var value = equals < 0 ? "" : decoded(part.substring(equals + 1));
      if (parameters.put(name, value) != null || parameters.size() > MOST_PARAMETERS) {
        return Optional.empty();
      }
    }
    return parameters.isEmpty() ? Optional.empty() : Optional.of(parameters);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
