package dev.genesysvault.client;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SingleFlight;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.MadeClient;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Searched;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Makes a client so that it is never without an owner: its record announces it before Genesys is
 * asked, and says that it is handed out before anybody gets it. Two storage writes and one call.
 */
public final class Issuing {
  /** How long a client outlives its lease at most, where nobody revokes it. */
  public static final Duration DEADLINE_MARGIN = Duration.ofMinutes(10);

  /** Names tried for one client; Genesys lost its answer to all of them but the last. */
  static final int MOST_ATTEMPTS = 3;

  /** What an attempt needs at the least: less time left, and none is begun. */
  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  private final Time time;
  private final Delays delays;
  private final SingleFlight<FlightKey, IssueResult> flights;

  /** Makes the rules, for all mounts. */
  public Issuing(Time time, Locks locks, Delays delays) {
    this.time = time;
    this.delays = delays;
    this.flights = new SingleFlight<>(locks);
  }

  /**
   * Makes the client, or joins or continues the attempt of an earlier request with the same key.
   *
   * @throws StorageException when storage fails; what was made by then is taken back as far as
   *     Genesys answers, and its record stays
   */
  public IssueResult issue(
      IssueOrder order, Genesys genesys, ClientRecords records, Deadline deadline)
      throws InterruptedException {
    var until = deadline.atMost(delays.longestRequest());
    var attempt = new Attempt(order, genesys.clients(), records, until);
    return flights
        .join(new FlightKey(records.mountUuid(), order.key()), until, attempt::run)
        .orElseGet(() -> new IssueResult.Failed(outOfTime(), true));
  }

  private record FlightKey(String mountUuid, ClientKey key) {}

  private static UpstreamFailure outOfTime() {
    return new UpstreamFailure.Unknown(
        "POST /api/v2/oauth/clients",
        "no time was left to wait for Genesys' answer",
        UpstreamFailure.NO_CORRELATION_ID);
  }

  /** One request's way to its client. */
  private final class Attempt {
    private final IssueOrder order;
    private final OAuthClients clients;
    private final ClientRecords records;
    private final Deadline deadline;
    private final CallContext context;

    Attempt(IssueOrder order, OAuthClients clients, ClientRecords records, Deadline deadline) {
      this.order = order;
      this.clients = clients;
      this.records = records;
      this.deadline = deadline;
      this.context = new CallContext(Lane.ISSUE, deadline);
    }

    IssueResult run() throws InterruptedException {
      try (var _ = records.lock(order.key())) {
        var earlier = records.getUnlessNew(order.key());
        if (earlier.isPresent()) {
          return resume(earlier.get());
        }
        var client = announced();
        return announce(client) ? create(client) : new IssueResult.Outdated();
      }
    }

    /**
     * Writes the record under the configuration's lock, so that no organisation changes and no
     * configuration goes between the look at it and the record that keeps it from doing so.
     */
    private boolean announce(ClientRecord client) throws InterruptedException {
      var of = order.organizationId();
      return records.announce(
          order.key(),
          client,
          order.seenConfig(),
          config ->
              config.map(MountConfig::organization).filter(it -> it.id().equals(of)).isPresent());
    }

    /** A replay: the answer to the first attempt never reached Vault. */
    private IssueResult resume(ClientRecord client) throws InterruptedException {
      var id = client.clientId();
      if (client.state() == State.ISSUED && id != null) {
        return resumeIssued(client, id);
      }
      return client.state() == State.CREATING
          ? settle(client, outOfTime())
          : new IssueResult.Failed(outOfTime(), true);
    }

    /** The first attempt may have taken its client back before it died. */
    private IssueResult resumeIssued(ClientRecord client, ClientId id) throws InterruptedException {
      return switch (clients.get(id, context)) {
        case Ok<FoundClient>(var found) when found.body().text("state").equals("active") ->
            refreshSecret(client, id);
        case Ok<FoundClient> _ -> startOver(client);
        case Failed<FoundClient>(UpstreamFailure.Refused refused) when refused.notFound() ->
            startOver(client);
        case Failed<FoundClient>(var failure) -> new IssueResult.Failed(failure, true);
      };
    }

    private IssueResult startOver(ClientRecord client) throws InterruptedException {
      var restarted = client.restartedAs(nextName(client), time.now());
      records.put(order.key(), restarted);
      return create(restarted);
    }

    private IssueResult create(ClientRecord client) throws InterruptedException {
      return switch (clients.create(client.body().named(client.latestName()), context)) {
        case Ok<MadeClient>(var made) -> compare(client, made);
        case Failed<MadeClient>(UpstreamFailure.Unknown lost) -> settle(client, lost);
        case Failed<MadeClient>(var failure) -> giveUp(client, failure);
      };
    }

    /** Nothing came of the latest name; the record stays where an earlier one may exist. */
    private IssueResult giveUp(ClientRecord client, UpstreamFailure failure)
        throws InterruptedException {
      boolean recordKept = client.names().size() > 1;
      if (!recordKept) {
        records.remove(order.key());
      }
      return new IssueResult.Failed(failure, recordKept);
    }

    /** Finds out what became of a create whose answer was lost, and goes on from there. */
    private IssueResult settle(ClientRecord client, UpstreamFailure lost)
        throws InterruptedException {
      switch (clients.search(found -> isLatest(found, client), context)) {
        case Failed<Searched>(var _) -> {
          return new IssueResult.Failed(lost, true);
        }
        case Ok<Searched>(var searched) -> {
          if (!searched.found().isEmpty()) {
            return refreshSecret(client, searched.found().getFirst().id());
          }
        }
      }
      if (client.names().size() >= MOST_ATTEMPTS || !deadline.allows(ATTEMPT)) {
        return new IssueResult.Failed(lost, true);
      }
      // The list may lag behind, so the lost name may yet turn up: it is never used again.
      var retried = client.retriedAs(nextName(client), time.now());
      records.put(order.key(), retried);
      return create(retried);
    }

    /** An earlier attempt may turn up as well, and nobody knows whether it is being taken back. */
    private boolean isLatest(ListedClient found, ClientRecord client) {
      return found.active()
          && ClientNaming.isAttempt(found.name(), order.mark(), order.key(), client.names().size());
    }

    private IssueResult refreshSecret(ClientRecord client, ClientId id)
        throws InterruptedException {
      return switch (clients.regenerateSecret(id, context)) {
        case Ok<MadeClient>(var made) -> compare(client, made);
        case Failed<MadeClient>(var failure) -> new IssueResult.Failed(failure, true);
      };
    }

    /** Costs no call: the reply that carries the secret shows the client as well. */
    private IssueResult compare(ClientRecord client, MadeClient made) throws InterruptedException {
      var differences =
          MadeClient.differences(
              client.body(), shown(made), order.mark(), order.key(), client.names().size());
      return differences.isEmpty()
          ? handOut(client, made.credential())
          : condemn(client, made, differences);
    }

    /**
     * Genesys documents that the reply shows the whole client; one that does not is worth a look.
     */
    private ClientBody shown(MadeClient made) throws InterruptedException {
      return !made.body().showsEffect()
              && clients.get(made.credential().id(), context) instanceof Ok<FoundClient>(var found)
          ? found.body()
          : made.body();
    }

    private IssueResult condemn(ClientRecord client, MadeClient made, List<String> differences)
        throws InterruptedException {
      var id = made.credential().id();
      var otherwise = new IssueResult.Otherwise(id, differences, made.correlationId());
      // With a deadline: no answer to this attempt was lost.
      var condemned =
          client
              .issued(id, time.now())
              .found(id, whole(made.body()))
              .retiring(otherwise.why())
              .takenBack();
      try {
        records.put(order.key(), condemned);
      } catch (StorageException e) {
        records.clientQueue().takenBack(order.key());
        takeBack(condemned, id);
        throw e;
      } catch (InterruptedException e) {
        records.clientQueue().takenBack(order.key());
        throw e;
      }
      return otherwise;
    }

    /** A PUT replaces all, so that a body that was not shown whole is asked for first. */
    private static ClientBody whole(ClientBody shown) {
      return shown.showsEffect() ? shown : new ClientBody(Map.of());
    }

    private IssueResult handOut(ClientRecord client, Credential credential)
        throws InterruptedException {
      var issued =
          client.issued(credential.id(), time.now().plus(order.ttl()).plus(DEADLINE_MARGIN));
      try {
        records.put(order.key(), issued);
      } catch (StorageException e) {
        // The record may say that it was handed out.
        records.clientQueue().takenBack(order.key());
        takeBack(issued, credential.id());
        throw e;
      } catch (InterruptedException e) {
        records.clientQueue().takenBack(order.key());
        throw e;
      }
      return new IssueResult.Issued(credential, issued, order.endpoint());
    }

    /** Whatever this leaves undone is found by the record, which stays. */
    private void takeBack(ClientRecord client, ClientId id) throws InterruptedException {
      if (client.body().members().isEmpty()) {
        return;
      }
      var deactivated =
          clients.replace(id, client.body().named(client.latestName()).inactive(), context);
      // What a gateway claims may not have happened, and a client is deactivated before it goes.
      if (deactivated.equals(new Outcome.Ok<>(Done.DONE))) {
        var _ = clients.delete(id, context);
      }
    }

    private ClientRecord announced() {
      var now = time.now();
      var name = ClientNaming.name(order.nameStem(), order.mark(), order.key(), 1);
      var record =
          new ClientRecord(
              State.CREATING,
              Kind.DYNAMIC,
              List.of(name),
              null,
              order.organizationId(),
              order.role(),
              ClientBody.of(
                  name,
                  order.description(),
                  order.accessTokenValidity(),
                  order.roleDivisions(),
                  order.properties()),
              now,
              now,
              null,
              null,
              "",
              order.displayName(),
              order.entityId(),
              Map.of());
      return order.attributed() ? record.attributed() : record;
    }

    private ClientName nextName(ClientRecord client) {
      return ClientNaming.name(
          order.nameStem(), order.mark(), order.key(), client.names().size() + 1);
    }
  }
}
