package dev.genesysvault.genesys;

import com.mypurecloud.sdk.v2.AsyncApiCallback;
import com.mypurecloud.sdk.v2.connector.ApiClientConnector;
import com.mypurecloud.sdk.v2.connector.ApiClientConnectorRequest;
import com.mypurecloud.sdk.v2.connector.ApiClientConnectorResponse;
import dev.genesysvault.network.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Future;

/** The way of Genesys' SDK to the network: ours. */
final class SdkConnector implements ApiClientConnector {
  /**
   * The exchange that the calling task has under way. The SDK hands a request to its connector in
   * the caller's own task, and has no other way to take a deadline along.
   */
  static final ScopedValue<Exchange> EXCHANGE = ScopedValue.newInstance();

  private final Transport transport;

  SdkConnector(Transport transport) {
    this.transport = transport;
  }

  @Override
  public ApiClientConnectorResponse invoke(ApiClientConnectorRequest request) throws IOException {
    var exchange = EXCHANGE.get();
    var body =
        request.hasBody() ? request.readBody().getBytes(StandardCharsets.UTF_8) : new byte[0];
    try {
      transport.exchange(
          new Transport.Request(
              request.getMethod(),
              URI.create(request.getUrl()),
              Map.copyOf(request.getHeaders()),
              body,
              exchange.timeout(),
              exchange.silence()),
          exchange);
      return new Response(
          exchange.reply().orElseThrow(() -> new IOException("there was no reply")));
    } catch (Transport.FailedException e) {
      exchange.failed(e);
      throw e;
    } catch (InterruptedException e) {
      exchange.interrupted();
      throw new InterruptedIOException();
    }
  }

  @Override
  public Future<ApiClientConnectorResponse> invokeAsync(
      ApiClientConnectorRequest request, AsyncApiCallback<ApiClientConnectorResponse> callback) {
    throw new UnsupportedOperationException("this engine calls in its own tasks");
  }

  @Override
  public void close() {}

  private record Response(Transport.Reply reply) implements ApiClientConnectorResponse {
    @Override
    public int getStatusCode() {
      return reply.status();
    }

    @Override
    public String getStatusReasonPhrase() {
      return "";
    }

    @Override
    public Map<String, String> getHeaders() {
      return reply.head().headers();
    }

    @Override
    public boolean hasBody() {
      return reply.body().length > 0;
    }

    @Override
    public String readBody() {
      return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Override
    public InputStream getBody() {
      return new ByteArrayInputStream(reply.body());
    }

    @Override
    public void close() {}
  }
}
