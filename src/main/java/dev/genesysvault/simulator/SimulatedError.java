package dev.genesysvault.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with one of Genesys' error bodies. */
final class SimulatedError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  private SimulatedError(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static SimulatedError of(int status, String code, String message) {
    return new SimulatedError(status, code, message);
  }

  /** A request of the admin paths that makes no sense. */
  static SimulatedError badRequest(String message) {
    return of(400, "bad.request", message);
  }

  static SimulatedError notFound() {
    return of(404, "not.found", "The requested resource was not found.");
  }

  /** Returns the reply, with the correlation id in header and body. */
  SimulatedReply reply(String correlationId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("message", String.valueOf(getMessage()));
    body.put("code", code);
    body.put("status", status);
    body.put("contextId", correlationId);
    body.put("details", List.of());
    body.put("errors", List.of());
    return SimulatedReply.json(status, body);
  }
}
