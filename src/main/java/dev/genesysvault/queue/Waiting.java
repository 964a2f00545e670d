package dev.genesysvault.queue;

import dev.genesysvault.work.WorkItem;
import java.time.Instant;
import java.util.Comparator;

/** What waits in a {@link ClientQueue}: a client, or something that is done for all of them. */
abstract sealed class Waiting extends WorkItem<ClientPriority>
    permits ClientQueueItem, Waiting.ForAll {
  static final Comparator<Waiting> OLDEST_FIRST =
      Comparator.comparing((Waiting item) -> item.since).thenComparing(item -> item.name);

  private final Instant since;
  private final String name;

  /**
   * Makes one that waits nowhere.
   *
   * @param since when it came up: the oldest goes first
   * @param name tells it from others that came up then
   */
  Waiting(Instant since, String name) {
    this.since = since;
    this.name = name;
  }

  /** Returns what is done with it next. */
  abstract ClientWork work();

  /** Something that is done for all of them. */
  static final class ForAll extends Waiting {
    private final ClientWork work;

    ForAll(ClientWork work, Instant since, String name) {
      super(since, name);
      this.work = work;
    }

    @Override
    ClientWork work() {
      return work;
    }
  }
}
