package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for what creates made whose answer was lost: under the names of their records, in one list
 * of Genesys' clients for all of them, until nothing can turn up any more.
 */
final class Searching {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ClientRecords records;
  private final Backlog backlog;
  private final Verdicts verdicts;
  private final Delays delays;
  private final Time time;

  Searching(ClientRecords records, Verdicts verdicts, Delays delays, Time time) {
    this.records = records;
    this.backlog = records.backlog();
    this.verdicts = verdicts;
    this.delays = delays;
    this.time = time;
  }

  /** Looks once for the names of all these records, and ends what turned up. */
  void search(List<ClientKey> keys, Actor actor) throws InterruptedException {
    var begun = time.now();
    var context = new CallContext(Lane.DEACTIVATE, Deadline.in(PATIENCE, time));
    switch (actor.genesys().clients().list(context)) {
      case Outcome.Failed<List<FoundClient>>(Refused refused) when !refused.ofCaller() -> {
        backlog.answered();
        for (var key : keys) {
          refused(key, refused, actor);
        }
      }
      case Outcome.Failed<List<FoundClient>>(var failure) -> {
        keys.forEach(key -> verdicts.unsearched(key, failure));
        verdicts.unanswered(failure);
      }
      case Ok<List<FoundClient>>(var all) -> {
        backlog.answered();
        // Genesys may keep a name otherwise than it was sent: mark and key are what it carries.
        var byKey = new HashMap<ClientKey, FoundClient>();
        for (var found : all) {
          if (!found.deleted() && !found.id().equals(actor.ownClientId())) {
            ClientNaming.keyIn(found.name(), actor.mark())
                .ifPresent(key -> byKey.putIfAbsent(key, found));
          }
        }
        for (var key : keys) {
          searched(key, Optional.ofNullable(byKey.get(key)), begun, actor);
        }
      }
    }
  }

  private void refused(ClientKey key, Refused refused, Actor actor) throws InterruptedException {
    try (var _ = records.lock(key)) {
      var client = searchable(key, actor);
      if (client.isPresent()) {
        verdicts.searchRefused(key, client.get(), refused);
      }
    }
  }

  private void searched(ClientKey key, Optional<FoundClient> found, Instant listed, Actor actor)
      throws InterruptedException {
    try (var _ = records.lock(key)) {
      var searched = searchable(key, actor);
      if (searched.isEmpty()) {
        return;
      }
      var client = searched.get();
      if (found.isPresent()) {
        // A list may leave members out: the body is asked for when it is deactivated.
        records.put(key, client.found(found.get().id(), new ClientBody(Map.of())));
      } else if (listed.isBefore(delays.visible(client))) {
        var next = time.now().plus(delays.betweenSearches());
        var last = delays.visible(client);
        backlog.postponed(key, "", next.isBefore(last) ? next : last);
      } else {
        records.remove(key);
      }
    }
  }

  /** Returns a client that is to be looked for, and takes note of one that is not. */
  private Optional<ClientRecord> searchable(ClientKey key, Actor actor)
      throws InterruptedException {
    var stored = records.get(key);
    if (stored.isEmpty()) {
      backlog.removed(key);
      return Optional.empty();
    }
    var client = stored.get();
    if (client.clientId() != null || client.state() == State.ISSUED) {
      backlog.recorded(key, client);
      return Optional.empty();
    }
    if (!client.organizationId().equals(actor.organization().id())) {
      verdicts.stuck(
          key,
          client,
          "what a create made may live in organisation %s, and config reaches %s: write config with a client of the former"
              .formatted(client.organizationId(), actor.organization().id()));
      return Optional.empty();
    }
    var unrecognizable = actor.cannotRecognize(key, client);
    if (unrecognizable.isPresent()) {
      verdicts.stuck(key, client, unrecognizable.get());
      return Optional.empty();
    }
    return stored;
  }
}
