package dev.genesysvault.network;

import java.io.IOException;
import java.net.SocketException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Asks once more, on another connection, where the first one ended without a word: the other side
 * may have hung up on it just before. What only reads is asked again, nothing else.
 */
final class SecondTry implements HttpRequestRetryStrategy {
  @Override
  public boolean retryRequest(
      HttpRequest request, IOException cause, int tries, HttpContext context) {
    boolean hungUp = cause instanceof NoHttpResponseException || cause instanceof SocketException;
    return tries == 1
        && request.getMethod().equals("GET")
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
