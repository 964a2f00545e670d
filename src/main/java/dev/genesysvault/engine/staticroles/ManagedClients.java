package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.Release;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * A step of an import: whether this mount has the client already. What a session knows is asked
 * first, since reading every document for every client of a fleet would take longer than Genesys.
 */
final class ManagedClients {
  private final Request request;
  private final String name;
  private final StaticRoleStore credentials;
  private Optional<String> owner = Optional.empty();

  /**
   * Prepares it.
   *
   * @param name of the static role that is to have the client
   */
  ManagedClients(Request request, String name, StaticRoleStore credentials) {
    this.request = request;
    this.name = name;
    this.credentials = credentials;
  }

  /** Returns the static role that has the client, once {@link #refuse} has refused it for that. */
  Optional<String> owner() {
    return owner;
  }

  /**
   * Looks for the client.
   *
   * @throws RefusedException if this mount leased it, or a static role of it has it or lets it go;
   *     or if that is not known
   */
  void refuse(ClientId id) throws InterruptedException {
    if (leased(id)) {
      throw RefusedException.badInput(
          "client_id names client %s, which this mount made: %sclients lists it"
              .formatted(id, request.mount().path()));
    }
    if (unconcerned(id)) {
      return;
    }
    var roles = credentials.storage().staticCredentials();
    owner = first(roles, (_, stored) -> stored.clientIds().contains(id));
    if (owner.isPresent()) {
      throw RefusedException.badInput(
          "client_id names client %s, which static role %s has".formatted(id, owner.get()));
    }
    var letting =
        first(
            roles,
            (role, stored) ->
                !role.equals(name)
                    && stored.releases().stream().map(Release::clientId).anyMatch(id::equals));
    if (letting.isPresent()) {
      throw new RefusedException(
          503,
          "client %s is being let go by static role %s: try again in some minutes. %s"
              .formatted(id, letting.get(), ImportChecks.NOTHING));
    }
  }

  /** Returns another static role that once adopted the client, as far as histories go. */
  Optional<String> formerOwner(ClientId id) throws InterruptedException {
    return unconcerned(id)
        ? Optional.empty()
        : first(
            credentials.storage().staticCredentials(),
            (role, stored) -> !role.equals(name) && stored.adoptedIds().contains(id));
  }

  private boolean unconcerned(ClientId id) {
    return credentials.queue().concerns(id).filter(concerned -> !concerned).isPresent();
  }

  /** The session knows every record; until it does, storage is asked. */
  private boolean leased(ClientId id) throws InterruptedException {
    var clientQueue = credentials.records().clientQueue();
    var clients = clientQueue.all();
    // Asked last: a session that closes meanwhile forgets its clients.
    var status = clientQueue.status();
    if (status.loaded() && status.unreadable().isEmpty()) {
      return clients.stream().map(ClientSnapshot::clientId).anyMatch(Optional.of(id)::equals);
    }
    return first(credentials.storage().clients(), (_, record) -> id.equals(record.clientId()))
        .isPresent();
  }

  /**
   * Returns the name of a document for which the predicate holds.
   *
   * @throws RefusedException if one cannot be read: it may be the one that is looked for
   */
  private static <T> Optional<String> first(Folder<T> folder, BiPredicate<String, T> which)
      throws InterruptedException {
    return folder
        .find(found ->
            switch (found) {
              case Found.Document<T>(var name, var document) -> which.test(name, document);
              // Removed since the names were listed.
              case Found.Nothing<T> _ -> false;
              case Found.Unreadable<T>(var name, var reason) ->
                  throw new RefusedException(
                      500,
                      "whether this mount has the client already is not known, since %s cannot be read: %s. %s"
                          .formatted(name, reason, ImportChecks.NOTHING));
            })
        .map(Found::name);
  }
}
