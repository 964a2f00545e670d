package dev.genesysvault.engine;

import java.util.List;
import java.util.Map;

/** Lists the names of one kind of entry. */
final class Listing implements Handler {
  /** Where the names come from. */
  @FunctionalInterface
  interface Names {
    List<String> of(Request request) throws InterruptedException;
  }

  private final Names names;

  Listing(Names names) {
    this.names = names;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case LIST -> {
        var keys = names.of(request);
        yield keys.isEmpty() ? new Reply.Nothing() : Reply.of(Map.of("keys", keys));
      }
      case CREATE, READ, UPDATE, DELETE, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }
}
