package dev.genesysvault.genesys;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The network, by the JDK's HTTP client: no redirects, no cookies, one reply for one request. */
public final class HttpTransport implements Transport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How the JDK's client says that a proxy refused a CONNECT with anything but a 407. */
  private static final String TUNNEL_FAILED = "Tunnel failed, got: ";

  private final Time time;
  private final Optional<ProxySelector> proxies;
  private final HttpClient client;

  /** Makes one that takes the way that the JVM's settings of proxies say. */
  public HttpTransport(Time time) {
    this(time, ProxySelector.getDefault());
  }

  /**
   * Makes one.
   *
   * @param proxies which proxy leads where; null for none
   */
  HttpTransport(Time time, @Nullable ProxySelector proxies) {
    this.time = time;
    this.proxies = Optional.ofNullable(proxies);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(this.proxies.orElse(HttpClient.Builder.NO_PROXY))
            .build();
  }

  @Override
  public void exchange(Request request, Receiver receiver)
      throws FailedException, InterruptedException {
    var end = Deadline.in(request.timeout(), time);
    var response = response(request, end);
    var headers = new LinkedHashMap<String, String>();
    response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    var head = new Head(response.statusCode(), headers);
    // Where a proxy refused, the client gives its reply as if it were the server's, without a body.
    try (var body = response.body() == null ? InputStream.nullInputStream() : response.body()) {
      receiver.receive(head, body);
    } catch (FailedException e) {
      throw e;
    } catch (InterruptedIOException _) {
      throw new InterruptedException();
    } catch (IOException e) {
      throw new FailedException("the reply cannot be read: " + e.getClass().getSimpleName(), true);
    }
  }

  /** Returns a reply whose head has arrived. */
  private HttpResponse<BodyStream> response(Request request, Deadline end)
      throws FailedException, InterruptedException {
    var untilHead = end.allows(request.silence()) ? request.silence() : request.timeout();
    var exchange = client.sendAsync(built(request, untilHead), _ -> new BodyStream(request, end));
    HttpResponse<BodyStream> response;
    try {
      response = exchange.get(untilHead.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw BodyStream.silent(request, end);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      var refused = refusedByProxy(cause);
      if (refused.isPresent()) {
        throw refused(request.uri(), refused.get());
      }
      boolean noReply =
          cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
      throw noReply ? BodyStream.silent(request, end) : failed(cause);
    }
    boolean tunnelled = request.uri().getScheme().equals("https");
    if (tunnelled && response.statusCode() == 407 && response.sslSession().isEmpty()) {
      throw refused(request.uri(), "407");
    }
    return response;
  }

  private static HttpRequest built(Request request, Duration untilHead) throws FailedException {
    try {
      var builder =
          HttpRequest.newBuilder(request.uri())
              .timeout(untilHead)
              .method(
                  request.method(),
                  request.body().length == 0
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(request.body()));
      request.headers().forEach(builder::setHeader);
      return builder.build();
    } catch (IllegalArgumentException _) {
      // Its message quotes what it does not like, which may be a secret.
      throw new FailedException("the request cannot be put into HTTP", false);
    }
  }

  /** Returns the status with which a proxy refused a CONNECT; empty where it is something else. */
  private static Optional<String> refusedByProxy(Throwable cause) {
    var message = cause.getMessage();
    return cause instanceof IOException && message != null && message.startsWith(TUNNEL_FAILED)
        ? Optional.of(message.substring(TUNNEL_FAILED.length()))
        : Optional.empty();
  }

  /** The JDK says so in several ways, of which one is an error. */
  private static boolean noFileLeft(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return message.contains("Too many open files")
        || (cause.getCause() != null && noFileLeft(cause.getCause()));
  }

  /** A tunnel comes first: of the request itself, nothing has left this host. */
  private FailedException refused(URI uri, String status) {
    int port = uri.getPort() < 0 ? 443 : uri.getPort();
    return new FailedException(
        "%s refused to connect to %s:%d with HTTP %s%s"
            .formatted(
                proxy(uri),
                uri.getHost(),
                port,
                status,
                status.equals("407") ? ": it asks for a log-in" : ""),
        false);
  }

  private String proxy(URI uri) {
    return proxies.stream()
        .flatMap(selector -> selector.select(uri).stream())
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .map(Proxy::address)
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .findFirst()
        .map(address -> "the proxy at %s:%d".formatted(address.getHostString(), address.getPort()))
        .orElse("the proxy");
  }

  /** Returns what it is called that an exchange failed. */
  private static FailedException failed(Throwable cause) {
    if (noFileLeft(cause)) {
      return new FailedException(
          "no connection: the sidecar has too many open files (its log says more)", false);
    }
    boolean neverLeft =
        cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof SSLHandshakeException
            || cause.getCause() instanceof UnresolvedAddressException;
    var what =
        neverLeft
            ? "no connection"
            : cause instanceof IOException ? "the connection broke" : "the exchange failed";
    // What the JDK says of a broken reply may quote the reply, which may hold a secret.
    var detail =
        neverLeft && cause.getMessage() != null
            ? cause.getMessage()
            : cause.getClass().getSimpleName();
    return new FailedException(what + ": " + detail, !neverLeft);
  }
}
