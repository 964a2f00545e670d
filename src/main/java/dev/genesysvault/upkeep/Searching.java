package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.ClientWork;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.Searched;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks for what creates made whose answer was lost: by mark and key, in one list of Genesys'
 * clients for all of them, until nothing can turn up any more. A list may be long, and others have
 * to be ended meanwhile: nobody waits for it.
 */
final class Searching {
  /** How often the time between two searches is added to itself where a list can prove nothing. */
  private static final int LONGEST_DOUBT = 60;

  /** For a list that began too early, and ended late. */
  private static final Duration AFTER_A_LONG_LIST = Duration.ofSeconds(1);

  private final ClientRecords records;
  private final ClientQueue clientQueue;
  private final StepNotes notes;
  private final StepTrail trail;
  private final Delays delays;
  private final Time time;

  /** What may be under way. */
  private final List<Look> looks = new ArrayList<>();

  Searching(ClientRecords records, StepNotes notes, StepTrail trail, Delays delays, Time time) {
    this.records = records;
    this.clientQueue = records.clientQueue();
    this.notes = notes;
    this.trail = trail;
    this.delays = delays;
    this.time = time;
  }

  /** A list that is read, for as long as it is on the trail. */
  private record Look(Tasks.Task task, StepTrail.Hold hold) {
    void end() {
      task.interrupt();
      hold.close();
    }
  }

  /**
   * Looks once for the clients of all these records; the client queue is told what turned up. The
   * step stays on the trail until then, or until this ends.
   */
  void search(ClientWork.Search work, Actor actor) {
    looks.removeIf(look -> look.hold().isOver());
    var hold = trail.hold(records.mountUuid(), work.text());
    boolean begun = false;
    try {
      looks.add(new Look(begin(work.keys(), actor, hold), hold));
      begun = true;
    } finally {
      if (!begun) {
        hold.close();
      }
    }
  }

  private Tasks.Task begin(List<ClientKey> keys, Actor actor, StepTrail.Hold hold) {
    var sought = new HashSet<>(keys);
    // Genesys may keep a name otherwise than it was sent: mark and key are what it carries.
    Predicate<ListedClient> wanted =
        found ->
            !found.deleted()
                && !found.id().equals(actor.ownClientId())
                && ClientNaming.keyIn(found.name(), actor.mark())
                    .filter(sought::contains)
                    .isPresent();
    return actor
        .genesys()
        .clients()
        .search(
            wanted,
            Lane.DEACTIVATE,
            outcome -> {
              hold.close();
              clientQueue.searched(keys, actor, outcome);
            });
  }

  /** Looks no more. */
  void end() {
    looks.forEach(Look::end);
    looks.clear();
  }

  /** Ends what turned up, and forgets what nothing can turn up of any more. */
  void searched(ClientWork.Found work) throws InterruptedException {
    looks.removeIf(look -> look.hold().isOver());
    var actor = work.actor();
    switch (work.outcome()) {
      case Outcome.Failed<Searched>(Refused refused) when !refused.ofCaller() -> {
        clientQueue.answered();
        for (var key : work.keys()) {
          refused(key, refused, actor);
        }
      }
      case Outcome.Failed<Searched>(var failure) -> {
        work.keys().forEach(key -> notes.unsearched(key, failure));
        notes.unanswered(failure);
      }
      case Ok<Searched>(var searched) -> {
        clientQueue.answered();
        var byKey = new HashMap<ClientKey, ListedClient>();
        for (var found : searched.found()) {
          ClientNaming.keyIn(found.name(), actor.mark())
              .ifPresent(key -> byKey.putIfAbsent(key, found));
        }
        for (var key : work.keys()) {
          searched(key, Optional.ofNullable(byKey.get(key)), searched, actor);
        }
      }
    }
  }

  private void refused(ClientKey key, Refused refused, Actor actor) throws InterruptedException {
    try (var _ = records.lock(key)) {
      var client = searchable(key, actor);
      if (client.isPresent()) {
        notes.searchRefused(key, client.get(), refused);
      }
    }
  }

  private void searched(ClientKey key, Optional<ListedClient> found, Searched searched, Actor actor)
      throws InterruptedException {
    try (var _ = records.lock(key)) {
      var stored = searchable(key, actor);
      if (stored.isEmpty()) {
        return;
      }
      var client = stored.get();
      if (found.isPresent()) {
        // A list may leave members out: the body is asked for when it is deactivated.
        records.put(key, client.found(found.get().id(), new ClientBody(Map.of())).takenBack());
      } else if (searched.begun().isBefore(delays.visible(client))) {
        clientQueue.postponed(key, searched.doubt(), next(delays.visible(client)));
      } else if (!searched.conclusive()) {
        clientQueue.postponed(key, searched.doubt(), time.now().plus(afterDoubt(key)));
      } else {
        records.remove(key);
      }
    }
  }

  /** Returns when to look again: once more as soon as nothing can turn up any more. */
  private Instant next(Instant visible) {
    var next = time.now().plus(delays.betweenSearches());
    var last = visible.isAfter(time.now()) ? visible : time.now().plus(AFTER_A_LONG_LIST);
    return next.isBefore(last) ? next : last;
  }

  /** Nothing but Genesys' list can end the doubt, and each look at it may be long. */
  private Duration afterDoubt(ClientKey key) {
    int before = clientQueue.of(key).map(ClientSnapshot::attempts).orElse(0);
    return delays.betweenSearches().multipliedBy(Math.clamp(before, 1, LONGEST_DOUBT));
  }

  /** Returns a client that is to be looked for, and takes note of one that is not. */
  private Optional<ClientRecord> searchable(ClientKey key, Actor actor)
      throws InterruptedException {
    var stored = records.get(key);
    if (stored.isEmpty()) {
      clientQueue.removed(key);
      return Optional.empty();
    }
    var client = stored.get();
    if (client.clientId() != null || client.state() == State.ISSUED) {
      clientQueue.recorded(key, client);
      return Optional.empty();
    }
    if (!client.organizationId().equals(actor.organization().id())) {
      notes.stuck(
          key,
          client,
          "what a create made may live in organisation %s, and config reaches %s: write config with a client of the former"
              .formatted(client.organizationId(), actor.organization().id()));
      return Optional.empty();
    }
    var unrecognizable = actor.cannotRecognize(key, client);
    if (unrecognizable.isPresent()) {
      notes.stuck(key, client, unrecognizable.get());
      return Optional.empty();
    }
    return stored;
  }
}
