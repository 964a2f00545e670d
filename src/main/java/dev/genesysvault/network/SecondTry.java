package dev.genesysvault.network;

import java.io.IOException;
import java.net.SocketException;
import java.util.Set;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Asks once more, on another connection, where the first one ended without a word: the other side
 * may have hung up on it just before. What does no harm when it is done twice is asked again,
 * nothing else.
 */
final class SecondTry implements HttpRequestRetryStrategy {
  /** RFC 9110, section 9.2.2: whose effect is the same where both arrive. */
  private static final Set<String> AGAIN = Set.of("GET", "PUT", "DELETE");

  @Override
  public boolean retryRequest(
      HttpRequest request, IOException cause, int tries, HttpContext context) {
    boolean hungUp = cause instanceof NoHttpResponseException || cause instanceof SocketException;
    // Known to the context once there was a connection, a tunnel and TLS included.
    boolean left = HttpClientContext.cast(context).getRequest() != null;
    return tries == 1
        && left
        && AGAIN.contains(request.getMethod())
        && hungUp
        && !Thread.currentThread().isInterrupted();
  }

  @Override
  public boolean retryRequest(HttpResponse response, int tries, HttpContext context) {
    return false;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int tries, HttpContext context) {
    return TimeValue.ZERO_MILLISECONDS;
  }
}
