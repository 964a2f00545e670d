package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Searched;
import java.util.List;
import java.util.Locale;

/** What a {@link ClientQueue} gives out to be done next. */
public sealed interface ClientWork {
  /** Returns the clients that it is about; none for all of the mount. */
  List<ClientKey> keys();

  /** Returns what it is, in the same words whenever the same is done. */
  String text();

  /** Read what the plugin wrote down while the sidecar was away. */
  record Journal() implements ClientWork {
    @Override
    public List<ClientKey> keys() {
      return List.of();
    }

    @Override
    public String text() {
      return "take over the journal";
    }
  }

  /** One step with one client. */
  record One(ClientKey key, Step step) implements ClientWork {
    @Override
    public List<ClientKey> keys() {
      return List.of(key);
    }

    @Override
    public String text() {
      return "%s client %s".formatted(step.name().toLowerCase(Locale.ROOT), key);
    }
  }

  /** One look at Genesys for all of these. */
  record Search(List<ClientKey> keys) implements ClientWork {
    public Search {
      keys = List.copyOf(keys);
    }

    @Override
    public String text() {
      return "search for clients";
    }
  }

  /**
   * What such a look came to.
   *
   * @param actor who looked
   */
  record Found(List<ClientKey> keys, Actor actor, Outcome<Searched> outcome) implements ClientWork {
    public Found {
      keys = List.copyOf(keys);
    }

    @Override
    public String text() {
      return "conclude from a search";
    }
  }
}
