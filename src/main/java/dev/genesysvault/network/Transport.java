package dev.genesysvault.network;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The one door to the network; where a simulation lets faults in. */
public interface Transport {
  /**
   * Sends a request, and hands the reply on while it arrives, whatever its status: nothing of it is
   * kept here. Returns when the receiver has.
   *
   * @throws FailedException when there is no whole reply, or the receiver threw it
   * @throws InterruptedException when interrupted; the exchange is given up
   */
  void exchange(Request request, Receiver receiver) throws FailedException, InterruptedException;

  /** Takes a reply in, in the task that made the request. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes it in.
     *
     * @param body empty where there is none; what is not read of it is given up
     * @throws IOException what reading the body threw, or why it is not what was asked for
     */
    void receive(Head head, InputStream body) throws IOException;
  }

  /**
   * One HTTP request. Headers and body hold secrets.
   *
   * @param body empty for none
   * @param timeout for the whole exchange, positive
   * @param silence how long nothing may arrive at any time, positive
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares exchanges, nor changes their bodies.
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      Duration silence) {
    /** Makes one that may be silent as long as it lasts. */
    public Request(
        String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
      this(method, uri, headers, body, timeout, timeout);
    }

    /** Names no more of the URL than its host: the rest may be a secret, as headers and body. */
    @Override
    public String toString() {
      return "Request[%s %s]".formatted(method, uri.getHost());
    }
  }

  /** How a reply begins. */
  record Head(int status, Map<String, String> headers) {
    /** Makes header names lower case. */
    public Head {
      var lowerCase = new TreeMap<String, String>();
      headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
      headers = lowerCase;
    }

    /** Returns a header by its lower-case name. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** Whether whoever answered says that it did what was asked. */
    public boolean success() {
      return status / 100 == 2;
    }

    /** Names no header. */
    @Override
    public String toString() {
      return "Head[%d]".formatted(status);
    }
  }

  /** One whole HTTP reply. Its body may hold secrets. */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  record Reply(Head head, byte[] body) {
    /** Makes one of its parts. */
    public Reply(int status, Map<String, String> headers, byte[] body) {
      this(new Head(status, headers), body);
    }

    /** Returns its status. */
    public int status() {
      return head.status();
    }

    /** Returns a header by its lower-case name. */
    public Optional<String> header(String name) {
      return head.header(name);
    }

    /** Names neither headers nor body. */
    @Override
    public String toString() {
      return "Reply[%d]".formatted(status());
    }
  }

  /** There is no whole reply. */
  final class FailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean mayHaveArrived;

    /**
     * Makes one.
     *
     * @param message one sentence without secrets
     * @param mayHaveArrived whether the request may have reached the other side
     */
    public FailedException(String message, boolean mayHaveArrived) {
      super(message);
      this.mayHaveArrived = mayHaveArrived;
    }

    /** Whether the request may have reached the other side, and had its effect. */
    public boolean mayHaveArrived() {
      return mayHaveArrived;
    }
  }
}
