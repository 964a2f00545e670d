package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.RemovalCalls;
import dev.genesysvault.client.RemovalCalls.Result.Absent;
import dev.genesysvault.client.RemovalCalls.Result.Did;
import dev.genesysvault.client.RemovalCalls.Result.Failed;
import dev.genesysvault.client.RemovalCalls.Result.Foreign;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.Step;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.FoundClient;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single steps with which the background session deactivates and deletes clients. Each holds
 * the lock of its record from the look at it to the last write, so that no request works on the
 * same client, and decides by what it reads there: the client queue only says where to look.
 */
final class DecommissionSteps {
  private static final Logger LOG = LoggerFactory.getLogger(DecommissionSteps.class);

  /** How long one call may take before the next client gets its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Genesys keeps a client of more than 30 days for a week before it may be deleted. */
  private static final Duration FIRST_REFUSED_DELETION = Duration.ofMinutes(1);

  private static final Duration LONGEST_REFUSED_DELETION = Duration.ofHours(6);

  /** A day more than that week: whatever Genesys waits for by then does not come by itself. */
  private static final Duration LONGEST_REST = Duration.ofDays(8);

  private final ClientRecords records;
  private final ClientQueue clientQueue;
  private final Delays delays;
  private final Time time;
  private final Retry once;
  private final Backoff refusedDeletions;
  private final StepNotes notes;

  DecommissionSteps(ClientRecords records, StepNotes notes, Delays delays, Time time, Retry once) {
    this.records = records;
    this.clientQueue = records.clientQueue();
    this.delays = delays;
    this.time = time;
    this.notes = notes;
    this.once = once;
    this.refusedDeletions =
        new Backoff(FIRST_REFUSED_DELETION, LONGEST_REFUSED_DELETION, once.backoff().randomness());
  }

  /** Takes note of a record again; one whose time is over, or that nobody wants, has to go. */
  void reread(ClientKey key) throws InterruptedException {
    try (var _ = records.lock(key)) {
      var stored = records.get(key);
      if (stored.isEmpty()) {
        clientQueue.removed(key);
        return;
      }
      var client = stored.get();
      // Asked under the lock: a replay may have handed the client out while this waited.
      boolean unwanted = clientQueue.of(key).map(ClientSnapshot::unwanted).orElse(false);
      if (client.state() == State.ISSUED && (unwanted || pastDeadline(client) || drained())) {
        LOG.atInfo()
            .addKeyValue("key", key)
            .addKeyValue("client_id", client.clientId())
            .addKeyValue("deadline", client.deadline())
            .log("a client is decommissioned without a revoke: nobody wants it any more");
        records.put(key, client.retiring("").endedBy(why(key, client, unwanted)));
      } else {
        clientQueue.recorded(key, client);
      }
    }
  }

  private String why(ClientKey key, ClientRecord client, boolean unwanted) {
    if (unwanted) {
      return clientQueue.of(key).filter(ClientSnapshot::takenBack).isPresent()
          ? DecommissionedClient.TAKEN_BACK
          : DecommissionedClient.REVOKE;
    }
    return pastDeadline(client) ? DecommissionedClient.DEADLINE : DecommissionedClient.DRAIN;
  }

  /** Asked afresh: whoever called it off wants the rest to live. */
  private boolean drained() throws InterruptedException {
    boolean is = records.storage().drain().get().isPresent();
    if (!is) {
      clientQueue.draining(false);
    }
    return is;
  }

  private boolean pastDeadline(ClientRecord client) {
    var deadline = client.deadline();
    return deadline == null || !time.now().isBefore(deadline);
  }

  /** Takes a client's log-in away. */
  void deactivate(ClientKey key, Actor actor) throws InterruptedException {
    try (var _ = records.lock(key)) {
      var client = leaving(key);
      if (client.isPresent()) {
        var id = client.get().clientId();
        if (id != null && allowed(key, id, client.get(), actor)) {
          deactivate(key, id, client.get(), actor);
        }
      }
    }
  }

  private void deactivate(ClientKey key, ClientId id, ClientRecord client, Actor actor)
      throws InterruptedException {
    boolean known = !client.body().members().isEmpty();
    var body = known ? client.body().named(client.latestName()) : client.body();
    var context = new CallContext(client.urgent() ? Lane.EMERGENCY : Lane.DEACTIVATE, patience());
    switch (removal(actor).deactivate(key, id, body, context)) {
      case Did _ -> {
        clientQueue.answered();
        clientQueue.deactivated(key, time.now());
        if (client.state() == State.STUCK) {
          records.put(key, client.retiring("").deactivatedAt(time.now()));
        }
        clientQueue.next(key, Step.DELETE);
      }
      case Absent _ -> {
        clientQueue.answered();
        absent(key, client);
      }
      case Foreign(var name) ->
          notes.stuck(
              key,
              client,
              "client %s is named \"%s\", which does not carry this mount's mark and its key: nothing was done to it. If it is one of this mount, give it its name back in Genesys, then write clients/<key>/retry; otherwise delete the one that this record stands for by its name"
                  .formatted(id, name));
      case Failed(var failure) -> notes.failed(key, client, failure);
    }
  }

  /**
   * A 404 proves nothing as long as Genesys may not show the client yet; that it has shown it
   * before does not mean that all of Genesys does.
   */
  private void absent(ClientKey key, ClientRecord client) throws InterruptedException {
    var visible = delays.visible(client);
    if (time.now().isBefore(visible)) {
      clientQueue.postponed(key, "Genesys does not show the client yet", visible);
    } else {
      // One whose log-in was taken away here may have been deleted here too, the answer lost.
      boolean touched =
          client.deactivated() != null
              || clientQueue.of(key).flatMap(ClientSnapshot::deactivated).isPresent();
      notes.forget(key, client, !touched);
    }
  }

  /** Deletes a client that was deactivated. */
  void delete(ClientKey key, Actor actor) throws InterruptedException {
    try (var _ = records.lock(key)) {
      var client = leaving(key);
      if (client.isPresent()) {
        var id = client.get().clientId();
        if (id != null && allowed(key, id, client.get(), actor)) {
          delete(key, id, client.get(), actor);
        }
      }
    }
  }

  private void delete(ClientKey key, ClientId id, ClientRecord client, Actor actor)
      throws InterruptedException {
    // Whoever is to be deactivated meanwhile must not wait for it.
    var context = new CallContext(Lane.DELETE, patience()).turnWithin(RemovalCalls.DELETION_TURN);
    switch (removal(actor).delete(id, context)) {
      case Did _ -> {
        clientQueue.answered();
        notes.forget(key, client, false);
      }
      case Absent _ -> {
        clientQueue.answered();
        absent(key, client);
      }
      case Failed(Refused refused) when refused.status() == 400 || refused.status() == 409 ->
          notYet(key, id, client, refused, actor);
      case Failed(var failure) -> notes.notDeleted(key, client, failure);
      case Foreign _ -> throw new IllegalStateException("a deletion does not look at names");
    }
  }

  /**
   * Genesys wants an older client to rest before it goes. Deactivating it again might begin that
   * rest anew, so this is remembered; but somebody may have activated it.
   */
  private void notYet(ClientKey key, ClientId id, ClientRecord client, Refused refused, Actor actor)
      throws InterruptedException {
    clientQueue.answered();
    var context = new CallContext(Lane.DELETE, patience());
    if (actor.genesys().clients().get(id, context) instanceof Ok<FoundClient>(var found)
        && !found.deleted()
        && !found.body().text("state").equals("inactive")) {
      records.put(key, client.found(id, client.body()));
      return;
    }
    var deactivated = client.deactivated();
    if (deactivated != null && time.now().isAfter(deactivated.plus(LONGEST_REST))) {
      notes.stuck(
          key,
          client,
          refused
              .trouble()
              .then(
                  "; it is deactivated since %s, and Genesys still does not delete it. See in Genesys what it is used for, end that or delete it there, then write clients/<key>/retry"
                      .formatted(deactivated)));
      return;
    }
    var why = refused.explanation() + "; asked again until Genesys agrees";
    int before = clientQueue.of(key).map(ClientSnapshot::attempts).orElse(0);
    if (deactivated == null) {
      var resting = client.retiring(why).deactivatedAt(time.now());
      notes.endings().resting(key, resting);
      records.put(key, resting);
    }
    clientQueue.postponed(key, why, time.now().plus(refusedDeletions.after(before + 1)));
  }

  /** Returns a client that is to go, and takes note of one that is not or that is gone. */
  private Optional<ClientRecord> leaving(ClientKey key) throws InterruptedException {
    var stored = records.get(key);
    if (stored.isEmpty()) {
      clientQueue.removed(key);
      return Optional.empty();
    }
    boolean leaving =
        (stored.get().state() == State.RETIRING || stored.get().state() == State.STUCK)
            && stored.get().clientId() != null;
    if (!leaving) {
      clientQueue.recorded(key, stored.get());
      return Optional.empty();
    }
    return stored;
  }

  private boolean allowed(ClientKey key, ClientId id, ClientRecord client, Actor actor)
      throws InterruptedException {
    var why = forbidden(key, id, client, actor);
    if (why.isPresent()) {
      notes.stuck(key, client, why.get());
    }
    return why.isEmpty();
  }

  private static Optional<String> forbidden(
      ClientKey key, ClientId id, ClientRecord client, Actor actor) throws InterruptedException {
    var why =
        actor
            .isOwn(id)
            .or(() -> actor.cannotReach(id, client.organizationId()))
            .or(() -> actor.disowns(key, client));
    // The record of a static role's former client is written before the role lets go of it.
    return why.isEmpty() && client.kind() == Kind.DYNAMIC ? actor.keepsForStaticRole(id) : why;
  }

  private RemovalCalls removal(Actor actor) {
    return new RemovalCalls(actor.genesys().clients(), actor.mark(), once);
  }

  private Deadline patience() {
    return Deadline.in(PATIENCE, time);
  }
}
