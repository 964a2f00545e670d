package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is told of alarms, over HTTP: takes what comes, unless it is told to be away. */
final class PlayedReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<Message> messages = new ArrayList<>();
  private int status = 202;

  /** What was posted. */
  record Message(String path, Map<String, List<String>> headers, JsonNode body) {
    /** Returns alarm, subject and state of a CloudEvent. */
    String said() {
      var data = body.path("data");
      return "%s %s %s"
          .formatted(
              data.path("alarm").asText(),
              data.path("subject").asText(),
              data.path("state").asText());
    }
  }

  PlayedReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = JSON.readTree(exchange.getRequestBody());
      int answer;
      synchronized (this) {
        answer = status;
        if (answer / 100 == 2) {
          messages.add(
              new Message(
                  exchange.getRequestURI().getPath(),
                  Map.copyOf(exchange.getRequestHeaders()),
                  body));
        }
      }
      exchange.sendResponseHeaders(answer, -1);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  /** Answers with that status from now on. */
  synchronized void answer(int with) {
    status = with;
  }

  /** Returns what it has confirmed, in order. */
  synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Returns what it has confirmed at a path, as CloudEvents say it. */
  List<String> said(String path) {
    return messages().stream()
        .filter(message -> message.path().equals(path))
        .map(Message::said)
        .toList();
  }

  /** Returns what was seen of an alarm, as its last CloudEvent at a path says; empty for none. */
  String detail(String path, String alarm, String subject) {
    return messages().stream()
        .filter(message -> message.path().equals(path))
        .map(message -> message.body().path("data"))
        .filter(data -> data.path("alarm").asText().equals(alarm))
        .filter(data -> data.path("subject").asText().equals(subject))
        .map(data -> data.path("detail").asText())
        .reduce("", (_, last) -> last);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
