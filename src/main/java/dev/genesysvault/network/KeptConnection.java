package dev.genesysvault.network;

import java.io.IOException;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection that ends without a last word, and is not used again once it has said one unasked.
 */
final class KeptConnection extends DefaultManagedHttpClientConnection {
  KeptConnection(Http1Config limits) {
    super("connection", null, null, limits, null, null, null, null, null);
  }

  /** A connection of TLS would wait for the other side to say farewell as well. */
  @Override
  public void close() {
    close(CloseMode.IMMEDIATE);
  }

  /** What came unasked, such as a 408 before a hang-up, would be taken for the next answer. */
  @Override
  public boolean isStale() throws IOException {
    return super.isStale() || isDataAvailable(Timeout.ONE_MILLISECOND);
  }
}
