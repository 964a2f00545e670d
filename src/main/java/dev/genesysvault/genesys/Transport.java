package dev.genesysvault.genesys;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The one door to the network; where a simulation lets faults in. */
public interface Transport {
  /**
   * Sends a request and returns the whole reply, whatever its status.
   *
   * @throws FailedException when there is no whole reply
   * @throws InterruptedException when interrupted; the exchange is given up
   */
  Reply exchange(Request request) throws FailedException, InterruptedException;

  /**
   * One HTTP request. Headers and body hold secrets.
   *
   * @param body empty for none
   * @param timeout for the whole exchange, positive
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares exchanges, nor changes their bodies.
  record Request(
      String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
    /** Names neither headers nor body, which hold secrets. */
    @Override
    public String toString() {
      return "Request[%s %s]".formatted(method, uri);
    }
  }

  /** One HTTP reply. Its body may hold secrets. */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  record Reply(int status, Map<String, String> headers, byte[] body) {
    /** Makes header names lower case. */
    public Reply {
      var lowerCase = new TreeMap<String, String>();
      headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
      headers = lowerCase;
    }

    /** Returns a header by its lower-case name. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** Names neither headers nor body. */
    @Override
    public String toString() {
      return "Reply[%d]".formatted(status);
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
