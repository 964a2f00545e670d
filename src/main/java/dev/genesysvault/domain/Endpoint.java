package dev.genesysvault.domain;

import java.net.URI;
import java.util.Set;

/**
 * Where one Genesys Cloud region, or a gateway before it, is reached. Both are absolute http or
 * https URLs without a trailing slash, query or fragment.
 *
 * @param api base of the Platform API, such as {@code https://api.mypurecloud.de}
 * @param login base of the log-in service, such as {@code https://login.mypurecloud.de}
 */
public record Endpoint(URI api, URI login) {
  /** Returns the addresses of Genesys' own in a region of that domain. */
  public static Endpoint of(String domain) {
    return new Endpoint(URI.create("https://api." + domain), URI.create("https://login." + domain));
  }

  /**
   * Whether it is Genesys itself who answers there, as TLS proves: the hosts of a region that is
   * known here. Anybody may stand behind another one.
   */
  public boolean isGenesysOwn() {
    return own(api) && own(login);
  }

  private static boolean own(URI address) {
    return Region.domains().stream()
        .map(Endpoint::of)
        .anyMatch(known -> Set.of(known.api(), known.login()).contains(address));
  }

  @Override
  public String toString() {
    return "%s and %s".formatted(api, login);
  }
}
