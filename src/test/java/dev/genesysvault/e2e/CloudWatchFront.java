package dev.genesysvault.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;

/**
 * Stands before moto's CloudWatch, which knows Amazon's older protocol alone: takes {@code
 * PutMetricData} in the newer one, Smithy RPC v2 with CBOR, and asks moto the same in the older.
 */
final class CloudWatchFront implements AutoCloseable {
  private static final String PATH =
      "/service/GraniteServiceVersion20100801/operation/PutMetricData";
  private static final byte[] EMPTY_MAP = {(byte) 0xa0};

  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
  private final URI moto;

  /** What was put, as it came. */
  final List<Map<?, ?>> data = new CopyOnWriteArrayList<>();

  CloudWatchFront(String moto) throws IOException {
    this.moto = URI.create(moto + "/");
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::put);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the variables by which a process finds it. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_REGION",
        "eu-central-1",
        "AWS_ENDPOINT_URL_CLOUDWATCH",
        address(),
        "AWS_ACCESS_KEY_ID",
        "AKIA0000000000000001",
        "AWS_SECRET_ACCESS_KEY",
        "s3cr3t-of-nobody");
  }

  private long pushes() {
    return data.stream()
        .filter(datum -> "genesys_vault_build_info.value".equals(datum.get("MetricName")))
        .count();
  }

  /** Waits until all was put twice from now on: what was the case at the call is there. */
  void awaitPushes(Duration patience) throws Exception {
    long before = pushes();
    Eventually.is("metrics are put again", patience, () -> pushes() >= before + 2);
  }

  private void put(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = exchange.getRequestBody();
      var asked = (Map<?, ?>) read(packed ? new GZIPInputStream(body) : body);
      var fields = new LinkedHashMap<String, String>();
      fields.put("Action", "PutMetricData");
      flatten("", asked, fields);
      int status = ask(fields, authorization(exchange)).statusCode();
      if (status == 200) {
        var put = Objects.requireNonNull((List<?>) asked.get("MetricData"));
        put.forEach(datum -> data.add((Map<?, ?>) datum));
      }
      exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
      exchange.getResponseHeaders().set("Content-Type", "application/cbor");
      exchange.getResponseHeaders().set("x-amzn-RequestId", "request-1");
      exchange.sendResponseHeaders(status, EMPTY_MAP.length);
      exchange.getResponseBody().write(EMPTY_MAP);
    }
  }

  private static String authorization(HttpExchange exchange) {
    return String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  /** Asks moto in the older protocol. */
  Answer ask(Map<String, String> fields, String authorization) throws IOException {
    var form = new ArrayList<String>();
    fields.forEach(
        (name, value) -> form.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    form.add("Version=2010-08-01");
    var request =
        HttpRequest.newBuilder(moto)
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(String.join("&", form)))
            .build();
    try {
      var answer = client.send(request, BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What moto said. */
  record Answer(int statusCode, String body) {}

  private static void flatten(String prefix, Object value, Map<String, String> fields) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((name, part) -> flatten(below(prefix, String.valueOf(name)), part, fields));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          flatten(below(prefix, "member." + (i + 1)), list.get(i), fields);
        }
      }
      default ->
          fields.put(
              prefix,
              prefix.endsWith(".Timestamp") && value instanceof Number seconds
                  ? Instant.ofEpochSecond(seconds.longValue()).toString()
                  : value.toString());
    }
  }

  private static String below(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  private static Object read(InputStream body) throws IOException {
    try (var parser = new CBORFactory().createParser(body)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var map = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        var list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      default -> parser.getText();
    };
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
