package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Lease;
import dev.genesysvault.engine.request.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What Vault asks of a mount.
 *
 * @param requestId empty for renew, revoke and rollback
 */
record Call(
    Operation operation,
    String pathId,
    String requestId,
    Map<String, String> captures,
    Map<String, Object> fields,
    Optional<Lease> lease) {
  static Call onPath(
      Operation operation,
      String pathId,
      String requestId,
      Map<String, String> captures,
      Map<String, Object> fields) {
    return new Call(operation, pathId, requestId, captures, fields, Optional.empty());
  }

  static Call onLease(Operation operation, SimulatedLease lease, Duration increment) {
    return new Call(
        operation,
        "",
        "",
        Map.of(),
        Map.of(),
        Optional.of(
            new Lease(
                lease.secretType, lease.internalData, lease.maxTtl, increment, lease.issued)));
  }

  static Call rollback() {
    return onPath(Operation.ROLLBACK, "", "", Map.of(), Map.of());
  }

  boolean repeatable() {
    return switch (operation) {
      case READ, LIST, RENEW, REVOKE, ROLLBACK -> true;
      case CREATE, UPDATE, DELETE -> false;
    };
  }

  @Override
  public String toString() {
    return operation
        + (pathId.isEmpty() ? "" : " " + pathId)
        + (captures.isEmpty() ? "" : captures.values())
        + (requestId.isEmpty() ? "" : " " + requestId)
        + lease.map(each -> " " + each.internalData().get("key")).orElse("");
  }
}
