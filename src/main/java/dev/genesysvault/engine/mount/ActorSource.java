package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Actor;
import java.time.Duration;

/** As whom each mount acts at Genesys: from its configuration and its mark. */
public final class ActorSource {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Connections connections;
  private final MountStaticRoles staticRoles;
  private final Time time;

  public ActorSource(Connections connections, MountStaticRoles staticRoles, Time time) {
    this.connections = connections;
    this.staticRoles = staticRoles;
    this.time = time;
  }

  /** Returns who acts in a request. */
  public Actor of(Request request) throws InterruptedException {
    return of(request.mount(), request.snapshot(), request.storage(), request.deadline());
  }

  /** Returns who acts in a background session. */
  public ClientUpkeep.Actors inBackground(Mount mount, MountStorage storage) {
    return new ClientUpkeep.Actors() {
      @Override
      public ClientUpkeep.ActorState current() throws InterruptedException {
        return now(mount, storage);
      }

      @Override
      public long generation() {
        return connections.generation();
      }
    };
  }

  private ClientUpkeep.ActorState now(Mount mount, MountStorage storage)
      throws InterruptedException {
    try {
      return new ClientUpkeep.ActorState.Ready(
          of(mount, storage, storage, Deadline.in(PATIENCE, time)));
    } catch (RefusedException e) {
      return new ClientUpkeep.ActorState.NotReady(String.valueOf(e.getMessage()));
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.UNREADABLE) {
        return new ClientUpkeep.ActorState.NotReady(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Actor of(Mount mount, MountStorage snapshot, MountStorage storage, Deadline deadline)
      throws InterruptedException {
    var reached = connections.reach(mount, snapshot, storage, deadline);
    var mark =
        snapshot
            .mount()
            .get()
            .map(MountMark::mark)
            .orElseThrow(() -> new RefusedException(500, "the mount has no mount id"));
    return new Actor(
        mark,
        reached.config().credential().id(),
        reached.organization(),
        reached.config().endpoint(),
        reached.genesys(),
        staticRoles.live(mount.uuid(), storage));
  }
}
