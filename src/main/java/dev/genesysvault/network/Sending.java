package dev.genesysvault.network;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/** A request on its way, as Apache's client wants it; knows how far it has come. */
final class Sending extends HttpUriRequestBase {
  private static final long serialVersionUID = 1;

  /** The last of the bytes that a header is sent as. */
  private static final int LAST_CHARACTER = 0xff;

  private static final int DELETE = 0x7f;

  private final transient HttpRoute route;
  private final transient HttpClientContext context = HttpClientContext.create();
  private volatile boolean left;
  private volatile boolean givenUp;

  private Sending(String method, URI uri, HttpRoute route) {
    super(method, uri);
    this.route = route;
  }

  /**
   * Makes one.
   *
   * @param goesOn whether the silence that it allows is shorter than its time
   * @throws IllegalArgumentException where HTTP has no words for it; may quote what it is about
   */
  static Sending of(Transport.Request request, boolean goesOn, Network network) {
    var uri = request.uri();
    var proxy = network.proxyTo(uri);
    var sending = new Sending(request.method(), uri, route(uri, proxy));
    request.headers().forEach((name, value) -> sending.setHeader(token(name), sendable(value)));
    if (request.body().length > 0 || saysHowLong(request.method())) {
      sending.setEntity(new ByteArrayEntity(request.body(), null));
    }
    sending.setConfig(
        RequestConfig.copy(PooledClient.REQUESTS)
            .setConnectionRequestTimeout(timeout(request.timeout()))
            // Where the whole may be silent, whoever ends the whole is enough.
            .setResponseTimeout(goesOn ? timeout(request.silence()) : Timeout.DISABLED)
            .build());
    if (proxy.isPresent()) {
      network.proxyLogIn().ifPresent(sending::logIn);
    }
    return sending;
  }

  private static HttpRoute route(URI uri, Optional<InetSocketAddress> proxy) {
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("the URL has no host");
    }
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    var target = new HttpHost(uri.getScheme(), Addresses.host(uri), Addresses.port(uri));
    return proxy
        .map(it -> new HttpHost(it.getHostString(), it.getPort()))
        .map(it -> new HttpRoute(target, null, it, secure))
        .orElseGet(() -> new HttpRoute(target, null, secure));
  }

  private static String token(String name) {
    if (!HeaderName.isOne(name)) {
      throw new IllegalArgumentException("a header has a name that HTTP cannot send");
    }
    return name;
  }

  private static String sendable(String value) {
    if (!value.chars().allMatch(Sending::isSendable)) {
      throw new IllegalArgumentException("a header has a character that HTTP cannot send");
    }
    return value;
  }

  private static boolean isSendable(int character) {
    return character == '\t'
        || (character >= ' ' && character <= LAST_CHARACTER && character != DELETE);
  }

  /** Whether a request of this method says how long its body is, even of none. */
  private static boolean saysHowLong(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.ofMilliseconds(Math.max(1, duration.toMillis()));
  }

  /** The proxy gets it with a CONNECT, or takes it out of what it sends on. */
  private void logIn(ProxyLogIn logIn) {
    if (route.isTunnelled()) {
      context.getAuthExchange(route.getProxyHost()).select(new KnownLogIn(logIn));
    } else {
      setHeader("Proxy-Authorization", logIn.header().reveal());
    }
  }

  HttpHost target() {
    return route.getTargetHost();
  }

  HttpRoute route() {
    return route;
  }

  HttpClientContext context() {
    return context;
  }

  /** Whether a proxy reads it, and sends it on. */
  boolean forwarded() {
    return route.getProxyHost() != null && !route.isTunnelled();
  }

  /** Tells that it waits for a connection, be it for the first time or for a second one. */
  void begins() {
    left = false;
  }

  /** Tells that there is a connection, a tunnel and TLS included, and that it goes out now. */
  void leaves() {
    left = true;
  }

  /** Whether something of it may have left this host. */
  boolean hasLeft() {
    return left;
  }

  /** Ends it, and its connection, at whatever it waits for: its time is over. */
  void giveUp() {
    givenUp = true;
    abort();
  }

  /** Ends it, and its connection, where it holds one. */
  void end() {
    abort();
  }

  boolean givenUp() {
    return givenUp;
  }
}
