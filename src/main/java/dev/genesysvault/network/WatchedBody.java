package dev.genesysvault.network;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A request's body that knows whether anybody has begun to send it: the JDK's client does not
 * before it has a connection, a tunnel and TLS included.
 */
final class WatchedBody implements BodyPublisher {
  private final BodyPublisher bytes;
  private volatile boolean begun;

  WatchedBody(byte[] body) {
    this.bytes = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
  }

  /** Whether it is certain that the other side has not got the request in whole. */
  boolean keptBack() {
    return contentLength() > 0 && !begun;
  }

  @Override
  public long contentLength() {
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    begun = true;
    bytes.subscribe(subscriber);
  }
}
