package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The network, by the JDK's HTTP client: no redirects, no cookies, one reply for one request. */
public final class HttpTransport implements Transport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How the JDK's client says that a proxy refused a CONNECT with anything but a 407. */
  private static final String TUNNEL_FAILED = "Tunnel failed, got: ";

  private static final int PROXY_ASKS = 407;

  private final Time time;
  private final Network network;
  private final NoConnection noConnection;
  private final HttpClient client;

  /** Makes one that takes a way to the outside. */
  public HttpTransport(Time time, Network network) {
    this.time = time;
    this.network = network;
    this.noConnection = new NoConnection(network, CONNECT_TIMEOUT);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(network.proxies())
            .sslContext(network.tls())
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
    var sent = new WatchedBody(request.body());
    var exchange =
        client.sendAsync(built(request, sent, untilHead), _ -> new BodyStream(request, end));
    HttpResponse<BodyStream> response;
    try {
      response = exchange.get(untilHead.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw silent(request, end, sent, untilHead);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      var refused = refusedByProxy(cause);
      if (refused.isPresent()) {
        throw refused(request.uri(), refused.getAsInt());
      }
      boolean noReply =
          cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
      throw noReply ? silent(request, end, sent, untilHead) : failed(request.uri(), sent, cause);
    }
    boolean byServer = response.sslSession().isPresent();
    if (response.statusCode() == PROXY_ASKS && !byServer && proxied(request.uri())) {
      throw refused(request.uri(), PROXY_ASKS);
    }
    return response;
  }

  private boolean proxied(URI uri) {
    return network.proxyTo(uri).isPresent();
  }

  private HttpRequest built(Request request, WatchedBody body, Duration untilHead)
      throws FailedException {
    try {
      var builder =
          HttpRequest.newBuilder(request.uri()).timeout(untilHead).method(request.method(), body);
      request.headers().forEach(builder::setHeader);
      if (proxied(request.uri())) {
        // The client sends it to the proxy, and no further.
        network
            .proxyLogIn()
            .ifPresent(it -> builder.setHeader("Proxy-Authorization", it.header().reveal()));
      }
      return builder.build();
    } catch (IllegalArgumentException _) {
      // Its message quotes what it does not like, which may be a secret.
      throw new FailedException("the request cannot be put into HTTP", false);
    }
  }

  /** Returns the status with which a proxy refused a CONNECT; empty where it is something else. */
  private static OptionalInt refusedByProxy(Throwable cause) {
    var message = cause.getMessage();
    if (!(cause instanceof IOException) || message == null || !message.startsWith(TUNNEL_FAILED)) {
      return OptionalInt.empty();
    }
    var status = message.substring(TUNNEL_FAILED.length());
    return Texts.consistsOf(status, 3, 3, Texts::isDigit)
        ? OptionalInt.of(Integer.parseInt(status))
        : OptionalInt.empty();
  }

  /** The JDK says so in several ways, of which one is an error. */
  private static boolean noFileLeft(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return message.contains("Too many open files")
        || (cause.getCause() != null && noFileLeft(cause.getCause()));
  }

  /** What a proxy refuses, it has not sent on. */
  private FailedException refused(URI uri, int status) {
    return new FailedException(noConnection.refused(uri, status), false);
  }

  private FailedException silent(Request request, Deadline end, WatchedBody sent, Duration waited) {
    return sent.keptBack()
        ? new FailedException(noConnection.silent(request.uri(), waited), false)
        : BodyStream.silent(request, end);
  }

  /** Returns what it is called that an exchange failed. */
  private FailedException failed(URI uri, WatchedBody sent, Throwable cause) {
    if (noFileLeft(cause)) {
      return new FailedException(
          "no connection: the sidecar has too many open files (its log says more)", false);
    }
    if (NoConnection.isOne(cause) || sent.keptBack()) {
      return new FailedException(noConnection.explain(uri, cause), false);
    }
    // What the JDK says of a broken reply may quote the reply, which may hold a secret.
    return new FailedException(
        "%s: %s"
            .formatted(
                cause instanceof IOException ? "the connection broke" : "the exchange failed",
                cause.getClass().getSimpleName()),
        true);
  }
}
