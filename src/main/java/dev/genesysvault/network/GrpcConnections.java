package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import io.grpc.netty.shaded.io.netty.handler.proxy.ProxyConnectException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLHandshakeException;

/** Says, for whoever operates a mount, why gRPC has no connection, or lost it. */
public final class GrpcConnections {
  /** How the library says that a proxy refused a CONNECT. */
  private static final String REFUSED = "status: ";

  private static final int MOST_CAUSES = 20;

  private final NoConnection noConnection;

  /** Makes one for channels that take this way. */
  public GrpcConnections(Network network) {
    this.noConnection = new NoConnection(network, GrpcChannels.CONNECT_TIMEOUT);
  }

  /**
   * Returns why; empty where it is another failure.
   *
   * @param address https URL of host and port
   * @param failure as gRPC gives it
   */
  public Optional<String> explain(URI address, Throwable failure) {
    int count = 0;
    for (var each = failure; each != null && count < MOST_CAUSES; each = each.getCause()) {
      count++;
      if (each instanceof ProxyConnectException refused && status(refused).isPresent()) {
        return Optional.of(noConnection.refused(address, status(refused).getAsInt()));
      }
      if (each instanceof SSLHandshakeException
          || each instanceof ConnectException
          || each instanceof UnknownHostException) {
        return Optional.of(noConnection.explain(address, each));
      }
      if (each instanceof IOException) {
        // What is said of what cannot be read may quote it.
        return Optional.of("the connection broke: " + each.getClass().getSimpleName());
      }
    }
    return Optional.empty();
  }

  private static OptionalInt status(ProxyConnectException refused) {
    var message = String.valueOf(refused.getMessage());
    int begin = message.lastIndexOf(REFUSED);
    if (begin < 0) {
      return OptionalInt.empty();
    }
    var rest = message.substring(begin + REFUSED.length());
    var status = rest.substring(0, Math.min(3, rest.length()));
    return Texts.consistsOf(status, 3, 3, Texts::isDigit)
        ? OptionalInt.of(Integer.parseInt(status))
        : OptionalInt.empty();
  }
}
