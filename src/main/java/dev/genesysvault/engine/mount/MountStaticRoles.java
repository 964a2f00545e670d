package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.rotation.PresentClients;
import dev.genesysvault.rotation.RotationQueue;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.upstream.LiveClients;
import java.util.Optional;

/** What each mount has of static roles: their queue and their documents. */
public final class MountStaticRoles {
  private final MountStates states;
  private final EntryLocks locks;
  private final MountClients mountClients;

  public MountStaticRoles(MountStates states, EntryLocks locks, MountClients mountClients) {
    this.states = states;
    this.locks = locks;
    this.mountClients = mountClients;
  }

  public RotationQueue queue(String mountUuid) {
    return states.of(mountUuid).staticRoles;
  }

  /** Returns what was last seen of a mount's present clients. */
  public PresentClients present(String mountUuid) {
    return states.of(mountUuid).present;
  }

  /** Returns the static roles of a mount, through the storage that a stream lends. */
  public StaticRoleStore of(String mountUuid, MountStorage storage) {
    return new StaticRoleStore(
        mountClients.records(mountUuid, storage),
        locks,
        queue(mountUuid),
        present(mountUuid),
        states.of(mountUuid).destinations);
  }

  public StaticRoleStore of(Request request) {
    return of(request.mount().uuid(), request.storage());
  }

  /**
   * Returns the clients that the static roles of a mount hand out: from memory where its session
   * knows every role, else from the storage that a stream lends.
   */
  LiveClients live(String mountUuid, MountStorage storage) {
    return id -> {
      var known = queue(mountUuid).uses(id);
      if (known.isEmpty()) {
        return stored(id, storage);
      }
      return known.get() ? Optional.of(handedOut(id)) : Optional.empty();
    };
  }

  private static String handedOut(ClientId id) {
    return "client %s is one that a static role hands out: rotate or delete that role if it has to go, then write clients/<key>/retry"
        .formatted(id);
  }

  /** A document that cannot be read may be that of whoever hands the client out. */
  private static Optional<String> stored(ClientId id, MountStorage storage)
      throws InterruptedException {
    return storage
        .staticCredentials()
        .find(found ->
            switch (found) {
              case Found.Document<StaticCredential>(var _, var credential) ->
                  credential.clientIds().contains(id);
              // Removed since the names were listed.
              case Found.Nothing<StaticCredential> _ -> false;
              case Found.Unreadable<StaticCredential> _ -> true;
            })
        .map(found ->
            found instanceof Found.Unreadable<StaticCredential>(var name, var reason)
                ? "whether a static role hands out client %s is not known, since static-creds/%s cannot be read: %s. Bring that static role in order, then write clients/<key>/retry"
                    .formatted(id, name, reason)
                : handedOut(id));
  }

  /** Says that there is no such role, and what to do. */
  public static RefusedException unknown(Request request, String name) {
    return RefusedException.badInput(
        "there is no static role \"%s\": write %sstatic-roles/%s first"
            .formatted(name, request.mount().path(), name));
  }
}
