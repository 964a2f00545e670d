package dev.genesysvault.engine.mount;

import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientQueueStatus;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.Step;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How {@code status} shows what a mount's background session has to do. */
final class QueueView {
  private QueueView() {}

  /**
   * Returns what to show.
   *
   * @param journal entries that the plugin wrote down and nobody has taken over
   */
  static Map<String, Object> shown(ClientQueue clientQueue, int journal, Instant now) {
    var status = clientQueue.status();
    var data = new LinkedHashMap<String, Object>();
    data.put("loaded", status.loaded());
    data.put("journal", journal);
    data.put(
        "journal_unusable",
        new TreeMap<>(status.unusableJournal())
            .entrySet().stream()
                .map(entry -> "journal/%s: %s".formatted(entry.getKey(), entry.getValue()))
                .toList());
    if (status.loaded()) {
      // A zero of somebody who knows nothing would be taken for an answer.
      data.putAll(counts(clientQueue.all(), status, now));
    }
    data.put(
        "paused_until",
        status.paused().map(until -> until.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(""));
    data.put("last_error", status.trouble());
    return data;
  }

  private static Map<String, Object> counts(
      List<ClientSnapshot> clients, ClientQueueStatus status, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("creating", count(clients, client -> client.state() == State.CREATING));
    data.put("issued", count(clients, client -> client.state() == State.ISSUED));
    data.put("to_deactivate", count(clients, retiring(Step.DEACTIVATE)));
    data.put("to_delete", count(clients, retiring(Step.DELETE)));
    data.put("to_search", count(clients, retiring(Step.SEARCH)));
    data.put("stuck", count(clients, client -> client.state() == State.STUCK));
    data.put("unreadable", status.unreadable().size());
    data.put(
        "oldest_waiting_seconds",
        clients.stream()
            .filter(ClientSnapshot::leaving)
            .findFirst()
            .map(client -> Duration.between(client.created(), now).toSeconds())
            .orElse(0L));
    return data;
  }

  private static Predicate<ClientSnapshot> retiring(Step step) {
    return client -> client.state() == State.RETIRING && client.step() == step;
  }

  private static long count(List<ClientSnapshot> clients, Predicate<ClientSnapshot> which) {
    return clients.stream().filter(which).count();
  }
}
