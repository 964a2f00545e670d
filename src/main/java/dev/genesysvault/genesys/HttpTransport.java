package dev.genesysvault.genesys;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/** The network, by the JDK's HTTP client: no redirects, no cookies, one reply for one request. */
public final class HttpTransport implements Transport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** A list of ten thousand clients has about 8 MiB. */
  private static final long LARGEST_REPLY_BYTES = 16L * 1024 * 1024;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public Reply exchange(Request request) throws FailedException, InterruptedException {
    // A request's own timeout ends with the reply's headers; this one covers the body too.
    var exchange =
        client.sendAsync(
            built(request), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_REPLY_BYTES));
    try {
      return reply(exchange.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw timedOut(request);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      boolean noReply =
          cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
      throw noReply ? timedOut(request) : failed(cause);
    }
  }

  private static FailedException timedOut(Request request) {
    return new FailedException("no reply within " + request.timeout().toMillis() + " ms", true);
  }

  private static HttpRequest built(Request request) throws FailedException {
    try {
      var builder =
          HttpRequest.newBuilder(request.uri())
              .timeout(request.timeout())
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

  private static Reply reply(HttpResponse<byte[]> response) {
    var headers = new LinkedHashMap<String, String>();
    response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new Reply(response.statusCode(), headers, response.body());
  }

  /** The JDK says so in several ways, of which one is an error. */
  private static boolean noFileLeft(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return message.contains("Too many open files")
        || (cause.getCause() != null && noFileLeft(cause.getCause()));
  }

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
