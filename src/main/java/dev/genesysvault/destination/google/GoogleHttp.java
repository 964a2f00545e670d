package dev.genesysvault.destination.google;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.resilience.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as Google's library for log-ins wants it, over the sidecar's own way out: its proxy, its
 * authorities, and a bounded reply.
 */
final class GoogleHttp extends HttpTransport {
  /** By when whoever asks wants an answer; the library has no place for that. */
  static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  private static final int LARGEST_REPLY = 1024 * 1024;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Transport transport;

  GoogleHttp(Transport transport) {
    this.transport = transport;
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String url) {
    return new Request(transport, method, URI.create(url));
  }

  /** One request. */
  private static final class Request extends LowLevelHttpRequest {
    private final Transport transport;
    private final String method;
    private final URI uri;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private Duration longest = LONGEST;

    private Request(Transport transport, String method, URI uri) {
      this.transport = transport;
      this.method = method;
      this.uri = uri;
    }

    @Override
    public void addHeader(String name, String value) {
      // What comes packed has no bound that is known before it is unpacked.
      if (!name.toLowerCase(Locale.ROOT).equals("accept-encoding")) {
        headers.put(name, value);
      }
    }

    /** Both in milliseconds, 0 for as long as it takes. */
    @Override
    public void setTimeout(int connect, int read) {
      if (connect > 0 && read > 0) {
        longest = shorter(Duration.ofMillis((long) connect + read), LONGEST);
      }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      var body = new ByteArrayOutputStream();
      if (getStreamingContent() != null) {
        getStreamingContent().writeTo(body);
        if (getContentType() != null) {
          headers.put("Content-Type", getContentType());
        }
      }
      var taken = new Response();
      try {
        transport.exchange(
            new Transport.Request(method, uri, headers, body.toByteArray(), timeout()), taken);
        return taken;
      } catch (InterruptedException _) {
        throw new InterruptedIOException();
      }
    }

    private Duration timeout() throws FailedException {
      if (!DEADLINE.isBound()) {
        return longest;
      }
      var left = DEADLINE.get().left();
      if (!left.isPositive()) {
        throw new FailedException("no time was left to ask", false);
      }
      return shorter(left, longest);
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }

  /** One reply, taken in as a whole. Its body may hold a token. */
  private static final class Response extends LowLevelHttpResponse implements Transport.Receiver {
    private int status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body = {};

    @Override
    public void receive(Transport.Head head, InputStream arriving) throws IOException {
      status = head.status();
      headers.addAll(head.headers().entrySet());
      body = arriving.readNBytes(LARGEST_REPLY + 1);
      if (body.length > LARGEST_REPLY) {
        throw new FailedException(
            "HTTP %d with more than %,d bytes, which is not taken in"
                .formatted(status, LARGEST_REPLY),
            true);
      }
    }

    @Override
    public InputStream getContent() {
      return new ByteArrayInputStream(body);
    }

    @Override
    public @Nullable String getContentEncoding() {
      return header("content-encoding");
    }

    @Override
    public long getContentLength() {
      return body.length;
    }

    @Override
    public @Nullable String getContentType() {
      return header("content-type");
    }

    private @Nullable String header(String name) {
      for (var each : headers) {
        if (each.getKey().equals(name)) {
          return each.getValue();
        }
      }
      return null;
    }

    @Override
    public String getStatusLine() {
      return "HTTP/1.1 " + status;
    }

    @Override
    public int getStatusCode() {
      return status;
    }

    @Override
    public @Nullable String getReasonPhrase() {
      return null;
    }

    @Override
    public int getHeaderCount() {
      return headers.size();
    }

    @Override
    public String getHeaderName(int index) {
      return headers.get(index).getKey();
    }

    @Override
    public String getHeaderValue(int index) {
      return headers.get(index).getValue();
    }
  }
}
