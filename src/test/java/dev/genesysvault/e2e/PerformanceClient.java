package dev.genesysvault.e2e;

import java.io.IOException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Vault's HTTP API for a benchmark: kept connections of HTTP/1.1, and answers that nobody parses,
 * so that the client costs each kind of request the same, and little of the processors that it
 * measures.
 */
final class PerformanceClient {
  private static final Timeout LONGEST_REQUEST = Timeout.ofMinutes(5);

  /** More than any benchmark has callers. */
  private static final int MOST_CONNECTIONS = 1_000;

  private final HttpClient http =
      HttpClients.custom()
          .setConnectionManager(
              PoolingHttpClientConnectionManagerBuilder.create()
                  .setMaxConnTotal(MOST_CONNECTIONS)
                  .setMaxConnPerRoute(MOST_CONNECTIONS)
                  .build())
          .setDefaultRequestConfig(
              RequestConfig.custom().setResponseTimeout(LONGEST_REQUEST).build())
          .disableAutomaticRetries()
          .disableContentCompression()
          .disableCookieManagement()
          .build();
  private final String address;
  private final String token;

  /**
   * Makes one.
   *
   * @param address of the server, without a path
   */
  PerformanceClient(String address, String token) {
    this.address = address;
    this.token = token;
  }

  /** Sends a request, and returns what was answered; fails where that is no success. */
  String send(String method, String path, String body) throws IOException {
    var request =
        ClassicRequestBuilder.create(method)
            .setUri(address + "/v1/" + path)
            .addHeader("X-Vault-Token", token);
    if (!body.isEmpty()) {
      request.setEntity(body, ContentType.APPLICATION_JSON);
    }
    return http.execute(
        request.build(),
        response -> {
          var entity = response.getEntity();
          var text = entity == null ? "" : EntityUtils.toString(entity);
          if (response.getCode() / 100 != 2) {
            // What is no success carries no credential.
            throw new IOException("%s: %d %s".formatted(path, response.getCode(), text));
          }
          return text;
        });
  }
}
