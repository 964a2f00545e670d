package dev.genesysvault.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A forward proxy for HTTP/1.1: tunnels by CONNECT, and forwards of plain requests. It alone knows
 * the names of the hosts behind it, so that nothing can go round it; and it may ask for a log-in.
 */
public final class ForwardProxy implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final ServerSocket listener;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Optional<String> logIn = Optional.empty();
  private volatile int refusal;

  private ForwardProxy(ServerSocket listener) {
    this.listener = listener;
  }

  /** Starts one on the loopback address, for everybody. */
  public static ForwardProxy start() throws IOException {
    var proxy = new ForwardProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    proxy.executor.execute(proxy::accept);
    return proxy;
  }

  /** Has a host, as {@code name:port}, behind it, which is a port of the loopback address. */
  public ForwardProxy leadsTo(String host, int port) {
    ports.put(host, port);
    return this;
  }

  /** Wants a user and a password from now on. */
  public ForwardProxy wants(String user, String password) {
    logIn = Optional.of(user + ":" + password);
    return this;
  }

  /** Answers with a status from now on whatever it is asked. */
  public void refuseWith(int status) {
    refusal = status;
  }

  /** Ends {@link #refuseWith}. */
  public void letThrough() {
    refusal = 0;
  }

  /** Returns where it listens, as a URL. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Returns where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /**
   * Returns each request so far as its first line and the status that it got: 200 if let through.
   */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  /** Ends every tunnel that stands, so that the next request needs another one. */
  public void cut() throws IOException {
    for (var each : open) {
      each.close();
    }
    open.clear();
  }

  private void accept() {
    try {
      while (true) {
        var connection = listener.accept();
        open.add(connection);
        executor.execute(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = connection.getInputStream();
      var head = head(in);
      if (head.isEmpty()) {
        return;
      }
      var words = head.getFirst().split(" ", -1);
      boolean tunnel = words[0].equals("CONNECT");
      var host = tunnel ? words[1] : authority(URI.create(words[1]));
      int status = status(head, host);
      seen.add(words[0] + " " + words[1] + " " + status);
      if (status != 200) {
        answer(connection, status);
        return;
      }
      try (var server = new Socket(InetAddress.getLoopbackAddress(), ports.getOrDefault(host, 0))) {
        if (tunnel) {
          connection.getOutputStream().write("HTTP/1.1 200 Yes\r\n\r\n".getBytes(UTF_8));
        } else {
          server.getOutputStream().write(forwarded(head, words).getBytes(ISO_8859_1));
        }
        Pipe.between(connection, in, server, server.getInputStream(), executor);
      }
    } catch (IOException _) {
      // One of them has ended.
    }
  }

  private int status(List<String> head, String host) {
    var wanted = logIn.map(it -> "Basic " + Base64.getEncoder().encodeToString(it.getBytes(UTF_8)));
    if (wanted.isPresent() && !header(head, "proxy-authorization").equals(wanted)) {
      return 407;
    }
    if (refusal != 0) {
      return refusal;
    }
    return ports.containsKey(host) ? 200 : 502;
  }

  private static void answer(Socket connection, int status) throws IOException {
    connection
        .getOutputStream()
        .write(
            "HTTP/1.1 %d No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
                .formatted(status)
                .getBytes(UTF_8));
    connection.shutdownOutput();
    var _ = connection.getInputStream().readAllBytes();
  }

  /** One request a connection, so that no second one has to be understood. */
  private static String forwarded(List<String> head, String[] words) {
    var uri = URI.create(words[1]);
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    var lines = new ArrayList<String>();
    lines.add("%s %s%s HTTP/1.1".formatted(words[0], uri.getRawPath(), query));
    head.stream()
        .skip(1)
        .filter(line -> !line.regionMatches(true, 0, "Proxy-", 0, 6))
        .filter(line -> !line.regionMatches(true, 0, "Connection:", 0, 11))
        .forEach(lines::add);
    lines.add("Connection: close");
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static String authority(URI uri) {
    return uri.getHost() + ":" + (uri.getPort() < 0 ? 80 : uri.getPort());
  }

  private static Optional<String> header(List<String> head, String name) {
    return head.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** Reads no byte beyond the empty line. */
  private static List<String> head(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.length() < LONGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        return List.of();
      }
      text.append((char) next);
      int length = text.length();
      if (length >= 4 && text.substring(length - 4).equals("\r\n\r\n")) {
        return text.toString().lines().takeWhile(line -> !line.isEmpty()).toList();
      }
    }
    throw new IOException("a head without an end");
  }

  @Override
  public void close() {
    try {
      listener.close();
      cut();
    } catch (IOException _) {
      // Nothing is left to close.
    }
    executor.shutdownNow();
  }
}
