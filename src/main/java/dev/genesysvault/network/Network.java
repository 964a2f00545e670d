package dev.genesysvault.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The one way of this process to other hosts, for whatever library makes the connection. */
public final class Network {
  private final ProxySelector proxies;
  private final Supplier<Optional<ProxyLogIn>> logIn;
  private final SSLContext tls;

  private Network(ProxySelector proxies, Supplier<Optional<ProxyLogIn>> logIn, SSLContext tls) {
    this.proxies = proxies;
    this.logIn = logIn;
    this.tls = tls;
  }

  /**
   * Makes one.
   *
   * @param logIn for the proxy; asked for each request that takes it
   * @param trusted authorities that are trusted beside those of the JVM
   */
  public static Network of(
      ProxyRules rules, Supplier<Optional<ProxyLogIn>> logIn, List<X509Certificate> trusted) {
    return new Network(new Selector(rules), logIn, Trust.with(trusted));
  }

  /**
   * Makes one that takes the way that the JVM's settings of proxies say, such as {@code
   * https.proxyHost}.
   *
   * @param trusted authorities that are trusted beside those of the JVM
   */
  public static Network ofJvm(List<X509Certificate> trusted) {
    @Nullable ProxySelector jvm = ProxySelector.getDefault();
    return new Network(
        jvm == null ? new Selector(ProxyRules.NONE) : jvm, Optional::empty, Trust.with(trusted));
  }

  /** Returns which proxy leads where, for clients that ask for it so. */
  public ProxySelector proxies() {
    return proxies;
  }

  /** Returns the address of the HTTP proxy to a URL, which may be unresolved; empty for none. */
  public Optional<InetSocketAddress> proxyTo(URI uri) {
    return proxies.select(uri).stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .map(Proxy::address)
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .findFirst();
  }

  /** Returns with what to log in to the proxy now; empty where it wants nothing to be known. */
  public Optional<ProxyLogIn> proxyLogIn() {
    return logIn.get();
  }

  /** Returns what TLS connections are made with: it trusts whom they are to trust. */
  public SSLContext tls() {
    return tls;
  }

  private static final class Selector extends ProxySelector {
    private final ProxyRules rules;

    private Selector(ProxyRules rules) {
      this.rules = rules;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          rules
              .proxyFor(uri)
              // Resolved at each connection, since the proxy may move.
              .map(proxy -> InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))
              .map(address -> new Proxy(Proxy.Type.HTTP, address))
              .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException cause) {
      // There is no second one to turn to.
    }
  }
}
