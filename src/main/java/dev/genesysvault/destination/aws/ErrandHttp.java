package dev.genesysvault.destination.aws;

import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Head;
import dev.genesysvault.resilience.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The sidecar's way to the network as Amazon's library asks for one, for one errand: that library
 * hands no deadline of a call down to here, so that each errand has its own.
 */
final class ErrandHttp implements SdkHttpClient {
  private static final int LARGEST_REPLY = 256 * 1024;
  private static final int DONE = 200;

  /** Each answer of AWS has its own. */
  private static final String REQUEST_ID = "x-amzn-requestid";

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** What the JDK's client says itself, the same as was signed. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private final Transport transport;
  private final Deadline deadline;

  ErrandHttp(Transport transport, Deadline deadline) {
    this.transport = transport;
    this.deadline = deadline;
  }

  /** An errand was interrupted; Amazon's library lets an {@link IOException} through alone. */
  static final class InterruptedCallException extends IOException {
    private static final long serialVersionUID = 1;

    InterruptedCallException() {
      super("interrupted");
    }
  }

  /** A reply is larger than is taken in. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(int status) {
      super(
          "HTTP %d with more than %,d bytes, which is not taken in"
              .formatted(status, LARGEST_REPLY));
    }
  }

  /** The errand has had its time. */
  static final class NoTimeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Something on the way says that all is well, which AWS has not said. */
  static final class NotOfAwsException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Takes one reply in. */
  private static final class Taken implements Transport.Receiver {
    private @Nullable Head head;
    private byte[] bytes = {};

    @Override
    public void receive(Head begun, InputStream body) throws IOException {
      head = begun;
      bytes = body.readNBytes(LARGEST_REPLY + 1);
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return exchange(request);
      }

      @Override
      public void abort() {
        // Only other threads call it, and there are none.
      }
    };
  }

  private HttpExecuteResponse exchange(HttpExecuteRequest request) throws IOException {
    if (deadline.over()) {
      throw new NoTimeException();
    }
    var taken = new Taken();
    try {
      transport.exchange(translated(request), taken);
    } catch (InterruptedException _) {
      throw new InterruptedCallException();
    }
    var head = taken.head;
    if (head == null) {
      throw new FailedException("there was no reply", true);
    }
    if (taken.bytes.length > LARGEST_REPLY) {
      throw new TooLargeException(head.status());
    }
    if (head.success() && !(head.status() == DONE && head.header(REQUEST_ID).isPresent())) {
      throw new NotOfAwsException();
    }
    var response = SdkHttpResponse.builder().statusCode(head.status());
    head.headers().forEach(response::putHeader);
    return HttpExecuteResponse.builder()
        .response(response.build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(taken.bytes)))
        .build();
  }

  private Transport.Request translated(HttpExecuteRequest request) throws IOException {
    var http = request.httpRequest();
    var body = new byte[0];
    if (request.contentStreamProvider().isPresent()) {
      try (var stream = request.contentStreamProvider().get().newStream()) {
        body = stream.readAllBytes();
      }
    }
    var timeout = deadline.atMost(LONGEST).left();
    // One more look at the clock may find the deadline over.
    var positive = timeout.isPositive() ? timeout : Duration.ofMillis(1);
    return new Transport.Request(
        http.method().name(), http.getUri(), headers(http), body, positive);
  }

  private static Map<String, String> headers(SdkHttpRequest http) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    http.forEachHeader(
        (String name, List<String> values) -> headers.put(name, String.join(",", values)));
    headers.keySet().removeIf(name -> OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT)));
    return headers;
  }

  @Override
  public void close() {
    // The way to the network is the sidecar's.
  }

  @Override
  public String clientName() {
    return "GenesysVault";
  }
}
