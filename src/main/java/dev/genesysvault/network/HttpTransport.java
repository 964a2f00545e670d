package dev.genesysvault.network;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * The network, by Apache's HTTP client: no redirects, no cookies, one reply for one request. Who is
 * to be interrupted while he waits calls in a virtual thread.
 */
public final class HttpTransport implements Transport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int PROXY_ASKS = 407;

  private final Time time;
  private final Network network;
  private final NoConnection noConnection;
  private final PooledClient client;

  /** Makes one that takes a way to the outside. */
  public HttpTransport(Time time, Network network) {
    this.time = time;
    this.network = network;
    this.noConnection = new NoConnection(network, CONNECT_TIMEOUT);
    this.client = new PooledClient(network.tls(), CONNECT_TIMEOUT);
  }

  @Override
  public void exchange(Request request, Receiver receiver)
      throws FailedException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var end = Deadline.in(request.timeout(), time);
    boolean goesOn = end.allows(request.silence());
    var untilHead = goesOn ? request.silence() : request.timeout();
    var sending = sending(request, goesOn);
    try (var cutoff = new Cutoff(sending::giveUp)) {
      cutoff.after(untilHead);
      var response = response(request, end, sending, untilHead);
      if (goesOn) {
        cutoff.after(end.left());
      }
      try {
        receive(request, end, sending, response, receiver);
      } catch (FailedException e) {
        throw e;
      } catch (InterruptedIOException _) {
        throw new InterruptedException();
      } catch (IOException e) {
        throw new FailedException(
            "the reply cannot be read: " + e.getClass().getSimpleName(), true);
      }
    }
  }

  private Sending sending(Request request, boolean goesOn) throws FailedException {
    try {
      return Sending.of(request, goesOn, network);
    } catch (IllegalArgumentException _) {
      // Its message quotes what it does not like, which may be a secret.
      throw new FailedException("the request cannot be put into HTTP", false);
    }
  }

  /** Returns a reply whose head has arrived. */
  private ClassicHttpResponse response(
      Request request, Deadline end, Sending sending, Duration untilHead)
      throws FailedException, InterruptedException {
    ClassicHttpResponse response;
    try {
      response = client.send(sending);
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      // Of an error, the client leaves the connection as it is. Where no thread or no class can be
      // had, others go on.
      sending.end();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw sending.hasLeft()
          ? broken(request, end, sending, e)
          : unsent(request.uri(), sending, untilHead, e);
    }
    // What a proxy says to a CONNECT is given as if it were the server's.
    boolean byProxy =
        !sending.hasLeft() || (sending.forwarded() && response.getCode() == PROXY_ASKS);
    if (byProxy) {
      sending.end();
      throw new FailedException(noConnection.refused(request.uri(), response.getCode()), false);
    }
    return response;
  }

  private static void receive(
      Request request,
      Deadline end,
      Sending sending,
      ClassicHttpResponse response,
      Receiver receiver)
      throws IOException {
    var headers = new LinkedHashMap<String, String>();
    response
        .headerIterator()
        .forEachRemaining(header ->
            headers.putIfAbsent(
                header.getName(), header.getValue() == null ? "" : header.getValue()));
    var entity = response.getEntity();
    var body =
        entity == null
            ? new ReplyBody(InputStream.nullInputStream(), 0, IOException::new)
            : new ReplyBody(
                entity.getContent(),
                entity.getContentLength(),
                cause -> broken(request, end, sending, cause));
    try {
      receiver.receive(new Head(response.getCode(), headers), body);
    } finally {
      // Of what was read to its end, the connection is free already; to close the rest is to read
      // it.
      if (!body.isReadToItsEnd()) {
        sending.giveUp();
      }
    }
  }

  /** Returns what it is called that an exchange failed whose request has left. */
  private static FailedException broken(
      Request request, Deadline end, Sending sending, Throwable cause) {
    if (sending.givenUp() || cause instanceof SocketTimeoutException) {
      return new FailedException(
          end.over()
              ? "no reply within " + milliseconds(request.timeout())
              : "nothing arrived for " + milliseconds(request.silence()),
          true);
    }
    // What the client says of a broken reply may quote the reply, which may hold a secret.
    return new FailedException(
        "%s: %s"
            .formatted(
                cause instanceof IOException ? "the connection broke" : "the exchange failed",
                cause.getClass().getSimpleName()),
        true);
  }

  private static String milliseconds(Duration time) {
    return time.toMillis() + " ms";
  }

  /** Returns what it is called that a request could not leave. */
  private FailedException unsent(URI uri, Sending sending, Duration waited, Throwable cause) {
    if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
      return new FailedException(
          "no connection: the sidecar has too many open files (its log says more)", false);
    }
    return new FailedException(
        sending.givenUp() ? noConnection.silent(uri, waited) : noConnection.explain(uri, cause),
        false);
  }
}
