package dev.genesysvault.network;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;

/**
 * Says, for whoever operates a mount, why there is no connection: which proxy, which host, what to
 * do. No text holds a password.
 */
public final class NoConnection {
  private static final int ASKS_FOR_LOG_IN = 407;

  private final Network network;
  private final Duration patience;

  /**
   * Makes one.
   *
   * @param patience how long a connection may take
   */
  public NoConnection(Network network, Duration patience) {
    this.network = network;
    this.patience = patience;
  }

  /**
   * Returns what it means that a proxy refused.
   *
   * @param status that it gave
   */
  public String refused(URI uri, int status) {
    var why = "";
    if (status == ASKS_FOR_LOG_IN) {
      why =
          network
              .proxyLogIn()
              .map(logIn -> ": it does not take the log-in of \"%s\"".formatted(logIn.user()))
              .orElse(": it asks for a log-in, which --proxy-credentials-file gives");
    }
    return "%s refused to connect to %s with HTTP %d%s"
        .formatted(proxy(uri), Addresses.hostAndPort(uri), status, why);
  }

  /**
   * Returns what it means that nobody has answered before a request could leave.
   *
   * @param waited for how long
   */
  public String silent(URI uri, Duration waited) {
    return "%s within %d ms".formatted(none(uri), waited.toMillis());
  }

  /**
   * Returns what it means that there is no connection.
   *
   * @param cause why nothing of a request could leave this host
   */
  public String explain(URI uri, Throwable cause) {
    return switch (cause) {
      case SocketTimeoutException _ -> silent(uri, patience);
      case SSLHandshakeException _ -> none(uri) + ": " + ofTls(cause);
      case UnknownHostException _ -> first(uri) + ": this host knows no address of that name";
      case NoRouteToHostException _, ConnectException _ -> first(uri) + ": it cannot be reached";
      // What is said of what cannot be read may quote it.
      default -> "%s: it broke (%s)".formatted(none(uri), cause.getClass().getSimpleName());
    };
  }

  /** Names whom a connection is made to first. */
  private String first(URI uri) {
    return "no connection to "
        + (network.proxyTo(uri).isPresent() ? proxy(uri) : Addresses.hostAndPort(uri));
  }

  private String none(URI uri) {
    var way = network.proxyTo(uri).isPresent() ? " through " + proxy(uri) : "";
    return "no connection to %s%s".formatted(Addresses.hostAndPort(uri), way);
  }

  private static String ofTls(Throwable cause) {
    for (var each = cause; each != null; each = each.getCause()) {
      if (each instanceof UntrustedException) {
        return String.valueOf(each.getMessage());
      }
    }
    return cause.getMessage() == null ? "TLS failed" : cause.getMessage();
  }

  private String proxy(URI uri) {
    return network.proxyTo(uri).map(NoConnection::words).orElse("the proxy");
  }

  private static String words(InetSocketAddress proxy) {
    return "the proxy at " + Addresses.hostAndPort(proxy.getHostString(), proxy.getPort());
  }
}
