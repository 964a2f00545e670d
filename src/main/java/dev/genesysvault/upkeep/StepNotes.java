package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the background session notes and writes of a client after a step with it. The record's lock
 * is held.
 */
final class StepNotes {
  private static final Logger LOG = LoggerFactory.getLogger(StepNotes.class);

  private static final int MOST_TOLD = 10_000;

  private final ClientRecords records;
  private final ClientQueue clientQueue;
  private final Delays delays;
  private final Time time;
  private final Endings endings;

  /** Of what this session has told last; the eldest are forgotten, and told once more. */
  private final Map<ClientKey, Told> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientKey, Told> eldest) {
          return size() > MOST_TOLD;
        }
      };

  /** Hashes, since the texts of a mass of stuck clients would fill the heap. */
  private record Told(int text, int fields) {
    static Told of(String text, Trouble trouble) {
      return new Told(text.hashCode(), trouble.fields().hashCode());
    }
  }

  StepNotes(ClientRecords records, Delays delays, Time time) {
    this.records = records;
    this.clientQueue = records.clientQueue();
    this.delays = delays;
    this.time = time;
    this.endings = new Endings(records, delays, time);
  }

  /** Returns what is told of clients that end. */
  Endings endings() {
    return endings;
  }

  void failed(ClientKey key, ClientRecord client, UpstreamFailure failure)
      throws InterruptedException {
    switch (failure) {
      case Limited limited when client.urgent() ->
          // Nobody else's pause holds it up, so it waits by itself.
          clientQueue.postponed(key, failure.explanation(), time.now().plus(limited.retryAfter()));
      case Limited _ -> {
        clientQueue.untouched(key);
        unanswered(failure);
      }
      case Unavailable _, Unknown _ -> {
        clientQueue.failed(key, failure.explanation());
        unanswered(failure);
      }
      // The next client may meet Genesys itself, or no longer wait for what was promised.
      case Unproven _ -> {
        clientQueue.answered();
        clientQueue.failed(key, failure.explanation());
      }
      case Refused refused when refused.ofCaller() -> {
        clientQueue.untouched(key);
        unanswered(failure);
      }
      case Refused refused -> {
        clientQueue.answered();
        stuck(key, client, refused.trouble().then(remedy(refused, client)));
      }
    }
  }

  /** A deletion that is limited says nothing of what is more urgent. */
  void notDeleted(ClientKey key, ClientRecord client, UpstreamFailure failure)
      throws InterruptedException {
    if (failure instanceof Limited limited && !client.urgent()) {
      clientQueue.untouched(key);
      clientQueue.pauseDeletions(limited.retryAfter(), failure.explanation());
    } else {
      failed(key, client, failure);
    }
  }

  /**
   * Nobody could look for what a create made. It is asked again only after as long as after a
   * search, so that a list that keeps failing leaves time for deletions.
   */
  void unsearched(ClientKey key, UpstreamFailure failure) {
    var held = failure instanceof Limited limited ? limited.retryAfter() : Duration.ZERO;
    var next = time.now().plus(held).plus(delays.betweenSearches());
    clientQueue.postponed(key, failure.explanation(), next);
  }

  /** Genesys will not show its clients, so that nobody can look for what a create made. */
  void searchRefused(ClientKey key, ClientRecord client, Refused refused)
      throws InterruptedException {
    stuck(
        key,
        client,
        refused
            .trouble()
            .then(
                ". The mount's client needs oauth:client:view, to look for what a create made whose answer was lost: grant that in Genesys, then write clients/<key>/retry"));
  }

  private static String remedy(Refused refused, ClientRecord client) {
    return refused.status() == 403
        ? ". The mount's client needs oauth:client:edit and oauth:client:delete and must itself hold each of %s: grant that in Genesys, then write clients/<key>/retry"
            .formatted(Texts.some(client.body().roleDivisions()))
        : ". Mend the client in Genesys, then write clients/<key>/retry";
  }

  /** What was met concerns the whole mount. */
  void unanswered(UpstreamFailure failure) {
    if (failure instanceof Limited limited) {
      clientQueue.pause(limited.retryAfter(), failure.explanation());
    } else {
      clientQueue.pause(failure.explanation());
    }
  }

  void stuck(ClientKey key, ClientRecord client, String reason) throws InterruptedException {
    stuck(key, client, Trouble.of(reason));
  }

  void stuck(ClientKey key, ClientRecord client, Trouble trouble) throws InterruptedException {
    var reason = trouble.text();
    if (client.state() == State.STUCK && isTold(key, client.lastError(), trouble)) {
      clientQueue.recorded(key, client);
      return;
    }
    LOG.atWarn()
        .addKeyValue("key", key)
        .addKeyValue("client_id", client.clientId())
        .addKeyValue("reason", reason)
        .log("a client cannot be decommissioned before somebody acts");
    records.put(key, client.stuck(reason));
    told.put(key, Told.of(reason, trouble));
  }

  /** Whether a record's text says it, or was told by this session of the same with another id. */
  private boolean isTold(ClientKey key, String lastError, Trouble trouble) {
    return lastError.equals(trouble.text()) || Told.of(lastError, trouble).equals(told.get(key));
  }

  /**
   * The client is gone; what a lost attempt made is still to be looked for.
   *
   * @param found whether Genesys did not have it any more, and nothing was done to it here
   */
  void forget(ClientKey key, ClientRecord client, boolean found) throws InterruptedException {
    endings.gone(key, client, found);
    if (client.mayHaveStrays()) {
      records.put(key, client.searching());
      // The list may show for a while what was deleted, and finding it again would lead here again.
      clientQueue.postponed(key, "", time.now().plus(delays.betweenSearches()));
    } else {
      records.remove(key);
      told.remove(key);
    }
  }
}
