package dev.genesysvault.engine.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers a LIST request with the names of one kind of entry. */
public final class Listing implements Handler {
  /** Where the names come from. */
  @FunctionalInterface
  public interface Names {
    List<String> of(Request request) throws InterruptedException;
  }

  /** Entries that a list describes: with all that is told of each, a reply holds as many. */
  public static final int MOST_DESCRIBED = 3_000;

  private final Names names;

  public Listing(Names names) {
    this.names = names;
  }

  /**
   * Returns a list with what is told of its entries.
   *
   * @param info of at most {@link #MOST_DESCRIBED}, by key
   */
  public static Reply withInfo(List<String> keys, Map<String, ?> info) {
    if (info.isEmpty()) {
      return Reply.of(Map.of("keys", keys));
    }
    var warnings =
        info.size() < MOST_DESCRIBED || keys.size() == info.size()
            ? List.<String>of()
            : List.of(
                "key_info tells of %,d of %,d entries, of those in trouble first"
                    .formatted(info.size(), keys.size()));
    return new Reply.Content(Map.of("keys", keys, "key_info", info), warnings, Optional.empty());
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
