package dev.genesysvault.genesys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A network that logs everybody in, and answers API calls as the test scripted them. */
final class ScriptedTransport implements Transport {
  private final Deque<Object> script = new ArrayDeque<>();
  private final List<Request> apiRequests = new ArrayList<>();
  private final List<Request> logIns = new ArrayList<>();
  private final Deque<Object> logInScript = new ArrayDeque<>();

  ScriptedTransport reply(int status, Map<String, String> headers, String body) {
    script.add(new Reply(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  ScriptedTransport genesysError(int status, String code) {
    return reply(
        status,
        Map.of("ININ-Correlation-Id", "cid-1"),
        "{\"code\":\"%s\",\"message\":\"told to\",\"status\":%d}".formatted(code, status));
  }

  ScriptedTransport breakConnection(boolean mayHaveArrived) {
    script.add(new FailedException("told to break", mayHaveArrived));
    return this;
  }

  ScriptedTransport logIn(int status, Map<String, String> headers, String body) {
    logInScript.add(new Reply(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  List<Request> apiRequests() {
    return List.copyOf(apiRequests);
  }

  List<Request> logIns() {
    return List.copyOf(logIns);
  }

  @Override
  public Reply exchange(Request request) throws FailedException {
    if (request.uri().getPath().endsWith("/oauth/token")) {
      logIns.add(request);
      return answer(
          logInScript.isEmpty()
              ? new Reply(
                  200,
                  Map.of(),
                  "{\"access_token\":\"token-%d\",\"expires_in\":86400}"
                      .formatted(logIns.size())
                      .getBytes(StandardCharsets.UTF_8))
              : logInScript.remove());
    }
    apiRequests.add(request);
    return answer(
        script.isEmpty() ? new FailedException("nothing scripted", false) : script.remove());
  }

  private static Reply answer(Object next) throws FailedException {
    if (next instanceof FailedException failure) {
      throw failure;
    }
    return (Reply) next;
  }
}
