package dev.genesysvault.network;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Which proxy leads where.
 *
 * @param proxy empty where there is none
 * @param httpsAlone whether {@code http} URLs go without it
 * @param except where no proxy leads
 */
public record ProxyRules(Optional<ProxyUrl> proxy, boolean httpsAlone, NoProxy except) {
  /** The name that Google's service of metadata has on its own machines. */
  private static final String METADATA = "metadata.google.internal";

  /** No proxy leads anywhere. */
  public static final ProxyRules NONE = new ProxyRules(Optional.empty(), false, NoProxy.NONE);

  /**
   * Returns the proxy for an http or https URL. What a host or its own link alone can reach, such
   * as a service of metadata, is reached without one: a proxy would mean its own.
   */
  Optional<ProxyUrl> proxyFor(URI uri) {
    if (httpsAlone && !"https".equalsIgnoreCase(uri.getScheme())) {
      return Optional.empty();
    }
    var host = Addresses.host(uri);
    return proxy.filter(_ -> !isNear(host) && !except.matches(host, Addresses.port(uri)));
  }

  private static boolean isNear(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals(METADATA)
        || Addresses.literal(host).filter(ProxyRules::isNear).isPresent();
  }

  private static boolean isNear(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress();
  }
}
