package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.MountMarks;
import java.time.Instant;
import java.util.Map;

/**
 * A step of an import: gives a client that a static role adopts the mark of its mount at Genesys,
 * and no other one.
 */
final class Marking {
  private final Request request;
  private final String role;
  private final Mark mark;
  private final StaticRoleStore credentials;
  private final Connections.Reached reached;

  Marking(
      Request request,
      String role,
      Mark mark,
      StaticRoleStore credentials,
      Connections.Reached reached) {
    this.request = request;
    this.role = role;
    this.mark = mark;
    this.credentials = credentials;
    this.reached = reached;
  }

  /** A client with two masters would be ended by one while the other hands it out. */
  void refuseMarked(FoundClient client, boolean takeOver) throws InterruptedException {
    var foreign = MountMarks.foreign(client.body(), mark);
    if (foreign.isPresent() && !takeOver) {
      throw RefusedException.badInput(
          "client_id names client %s, which carries the mark %s of another mount in its name or description: let it go there (delete its static role with on_delete=release). take_over=true adopts it all the same, for when that mount no longer exists: if it does, it ends the client at its next rotation or with its lease, and readers of this static role are left with a dead credential"
              .formatted(client.id(), foreign.get()));
    }
    var key = ClientNaming.keyIn(client.name(), mark);
    if (key.isPresent() && credentials.records().exists(key.get())) {
      throw RefusedException.badInput(
          "client_id names client %s, which this mount made: %sclients/%s shows it"
              .formatted(client.id(), request.mount().path(), key.get()));
    }
  }

  /**
   * Returns the client as it is at Genesys once it carries the mark. Announced in storage first:
   * unless the role has the client by then, its session takes the mark off again.
   *
   * @param stored the role's credential, whose lock is held
   * @param until when nothing of this request can turn up at Genesys any more
   */
  FoundClient mark(FoundClient client, StaticCredential stored, Instant until)
      throws InterruptedException {
    var marked = MountMarks.adopted(client.body(), request.mount().path(), role, mark);
    var id = client.id();
    if (marked.equals(client.body())) {
      return client;
    }
    credentials.put(
        role,
        stored.releasing(new Release(id, reached.organization().id(), until, true, Map.of())));
    var context = new CallContext(Lane.ISSUE, request.deadline());
    return switch (reached.genesys().clients().replace(id, marked, context)) {
      case Ok<Done>(var sure) when sure == Done.DONE -> new FoundClient(id, marked);
      case Ok<Done> _ -> seen(id, context);
      case Failed<Done>(Refused refused) -> {
        credentials.put(role, stored);
        throw Failures.refused(
            refused,
            "Nothing was imported: client %s could not be given this mount's mark, with which its description of %d characters has %d. The mount's client needs oauth:client:edit"
                .formatted(
                    id,
                    client.body().text("description").length(),
                    marked.text("description").length()));
      }
      case Failed<Done>(var failure) -> throw Failures.refused(failure, unknown(id));
    };
  }

  /**
   * A gateway may have answered in Genesys' place: the client itself shows whether it is marked.
   */
  private FoundClient seen(ClientId id, CallContext context) throws InterruptedException {
    return switch (reached.genesys().clients().get(id, context)) {
      case Ok<FoundClient>(var found)
          when !MountMarks.released(found.body(), mark).equals(found.body()) ->
          found;
      case Ok<FoundClient> _ ->
          throw new RefusedException(
              502,
              "Genesys does not show the mark that it said to have taken: does a gateway before it answer by itself? "
                  + unknown(id));
      case Failed<FoundClient>(var failure) -> throw Failures.refused(failure, unknown(id));
    };
  }

  private static String unknown(ClientId id) {
    return "Nothing was imported: whether client %s carries this mount's mark now is not known. Import it again; if you do not, the mark is taken off in some minutes"
        .formatted(id);
  }
}
