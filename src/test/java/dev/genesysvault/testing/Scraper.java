package dev.genesysvault.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a sidecar for its metrics, as Prometheus does. */
public final class Scraper implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI uri;

  /** Asks on the loopback address. */
  public Scraper(int port) {
    this.uri = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
  }

  /** Returns the answer to one scrape; {@code accept} may be empty for no such header. */
  public HttpResponse<String> ask(String accept) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri);
    return http.send(
        (accept.isEmpty() ? request : request.header("Accept", accept)).build(),
        BodyHandlers.ofString());
  }

  /** Returns the text of one scrape, which is not older than a second. */
  public String text() throws IOException, InterruptedException {
    var answer = ask("");
    if (answer.statusCode() != 200) {
      throw new IOException("a scrape was answered with " + answer.statusCode());
    }
    return answer.body();
  }

  /** Returns what one scrape shows. */
  public Exposition scrape() throws IOException, InterruptedException {
    return Exposition.parse(text());
  }

  @Override
  public void close() {
    http.close();
  }
}
