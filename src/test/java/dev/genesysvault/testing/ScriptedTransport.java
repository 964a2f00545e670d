package dev.genesysvault.testing;

import dev.genesysvault.network.Transport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network that answers as it is told, in order, and remembers what it was asked. Who asks for a
 * token without a script gets {@code token-1}, {@code token-2} and so on, each good for a day.
 */
public final class ScriptedTransport implements Transport {
  private static final String LOG_IN = "POST /oauth/token";

  private final Map<String, Deque<Answer>> script = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private int tokens;

  /** What becomes of one request. */
  @FunctionalInterface
  public interface Answer {
    /** Answers, or fails as a network does. */
    Reply to(Request request) throws FailedException, InterruptedException;
  }

  /** Answers the next unanswered request of that kind, such as {@code GET /api/v2/x}. */
  public synchronized ScriptedTransport on(String methodAndPath, Answer answer) {
    script.computeIfAbsent(methodAndPath, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** Answers the next unanswered log-in. */
  public ScriptedTransport onLogIn(Answer answer) {
    return on(LOG_IN, answer);
  }

  /** Returns an answer with these headers, given as names and values in turn. */
  public static Answer reply(int status, String body, String... headers) {
    var map = new LinkedHashMap<String, String>();
    map.put("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return _ -> new Reply(status, map, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a log-in's answer. */
  public static Answer token(String text, int seconds) {
    return reply(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":%d}"
            .formatted(text, seconds));
  }

  /** Returns an error of Genesys' own. */
  public static Answer error(int status, String code, String... headers) {
    return reply(
        status,
        "{\"message\":\"told to\",\"code\":\"%s\",\"status\":%d,\"contextId\":\"cid-body\"}"
            .formatted(code, status),
        headers);
  }

  /** Returns a network failure. */
  public static Answer failure(boolean mayHaveArrived) {
    return _ -> {
      throw new FailedException("told to fail", mayHaveArrived);
    };
  }

  @Override
  public void exchange(Request request, Receiver receiver)
      throws FailedException, InterruptedException {
    Delivery.whole(next(request).to(request), receiver);
  }

  private synchronized Answer next(Request request) {
    requests.add(request);
    var kind = kind(request);
    var answers = script.getOrDefault(kind, new ArrayDeque<>());
    if (!answers.isEmpty()) {
      return answers.remove();
    }
    if (kind.endsWith("/oauth/token")) {
      return token("token-" + ++tokens, 86_400);
    }
    throw new AssertionError("nothing is scripted for " + kind);
  }

  private static String kind(Request request) {
    return request.method() + " " + request.uri().getPath();
  }

  /** Returns every request so far, in order. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Returns methods and paths of every request so far, in order. */
  public List<String> asked() {
    return requests().stream().map(ScriptedTransport::kind).toList();
  }

  /** Returns how many log-ins were asked for. */
  public long logIns() {
    return asked().stream().filter(kind -> kind.endsWith("/oauth/token")).count();
  }

  /** Returns the last request. */
  public Request last() {
    return requests().getLast();
  }

  /** Returns the body of the last request as text. */
  public String lastBody() {
    return new String(last().body(), StandardCharsets.UTF_8);
  }
}
