package dev.genesysvault.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Ends TLS before a server on the loopback address that speaks none. */
public final class TlsFront implements AutoCloseable {
  private final ServerSocket listener;
  private final int behind;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();

  private TlsFront(ServerSocket listener, int behind) {
    this.listener = listener;
    this.behind = behind;
  }

  /**
   * Starts one on a port of its own.
   *
   * @param tls with the certificate that it shows
   * @param behind port of the server
   */
  public static TlsFront start(SSLContext tls, int behind) throws IOException {
    var listener =
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var front = new TlsFront(listener, behind);
    front.executor.execute(front::accept);
    return front;
  }

  /** Returns where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns how many connections it has taken. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        var connection = listener.accept();
        connections.incrementAndGet();
        executor.execute(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket connection) {
    try (connection;
        var server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      Pipe.between(
          connection, connection.getInputStream(), server, server.getInputStream(), executor);
    } catch (IOException _) {
      // One of them has ended.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // Nothing is left to close.
    }
    executor.shutdownNow();
  }
}
