package dev.genesysvault.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Vault's HTTP API for a benchmark: kept connections of HTTP/1.1, and answers that nobody parses,
 * so that the client costs each kind of request the same.
 */
final class PerformanceClient {
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(5);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
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
  String send(String method, String path, String body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
            .header("X-Vault-Token", token)
            .timeout(LONGEST_REQUEST)
            .method(method, BodyPublishers.ofString(body))
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      // What is no success carries no credential.
      throw new IOException("%s: %d %s".formatted(path, response.statusCode(), response.body()));
    }
    return response.body();
  }
}
