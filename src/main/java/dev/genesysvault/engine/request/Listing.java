package dev.genesysvault.engine.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers a LIST request with the keys of one kind of entry and what is known of each, in pages
 * where the caller asks for them. The page is cut before anybody looks at what its keys stand for.
 */
public final class Listing implements Handler {
  /** Where the keys come from. */
  @FunctionalInterface
  public interface Names {
    List<String> of(Request request) throws InterruptedException;
  }

  /** Where what is known of entries comes from. */
  @FunctionalInterface
  public interface Details {
    /** Returns what is known of at most {@link #MOST_DESCRIBED} of these entries, by key. */
    Map<String, ?> of(Request request, List<String> keys) throws InterruptedException;
  }

  /** Entries that a list describes: with all that is told of each, a reply holds as many. */
  public static final int MOST_DESCRIBED = 3_000;

  private final Names names;
  private final Details details;

  public Listing(Names names) {
    this(names, (_, _) -> Map.of());
  }

  public Listing(Names names, Details details) {
    this.names = names;
    this.details = details;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case LIST -> {
        var page = Page.of(request.fields());
        var keys = page.of(names.of(request));
        yield keys.isEmpty() ? new Reply.Nothing() : reply(keys, details.of(request, keys));
      }
      case CREATE, READ, UPDATE, DELETE, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }

  private static Reply reply(List<String> keys, Map<String, ?> info) {
    if (info.isEmpty()) {
      return Reply.of(Map.of("keys", keys));
    }
    var warnings =
        info.size() < MOST_DESCRIBED || keys.size() == info.size()
            ? List.<String>of()
            : List.of(
                "key_info tells of %,d of %,d entries, of those in trouble first; with limit=%d, each page tells of all of its entries"
                    .formatted(info.size(), keys.size(), MOST_DESCRIBED));
    return new Reply.Content(Map.of("keys", keys, "key_info", info), warnings, Optional.empty());
  }
}
