package dev.genesysvault.engine;

import dev.genesysvault.engine.mount.ActorSource;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.mount.MountStates;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.mount.Sessions;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.history.HistoryUpkeep;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.rotation.Rotations;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Events;
import java.util.List;

/** What the background session of a mount does, side by side, for as long as it lasts. */
final class SessionWork {
  private final MountStates states;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final ActorSource acting;
  private final Telling telling;
  private final Sessions sessions;
  private final Parallel parallel;
  private final ClientUpkeep upkeep;
  private final Rotations rotations;
  private final HistoryUpkeep history;

  SessionWork(
      MountStates states,
      MountClients mountClients,
      MountStaticRoles staticRoles,
      ActorSource acting,
      Telling telling,
      Sessions sessions,
      Parallel parallel,
      Doors doors,
      Delays delays) {
    this.states = states;
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.acting = acting;
    this.telling = telling;
    this.sessions = sessions;
    this.parallel = parallel;
    var time = doors.time();
    this.upkeep =
        new ClientUpkeep(time, doors.randomness(), parallel, doors.trail(), delays, doors.meters());
    this.rotations = new Rotations(time, doors.randomness(), parallel, doors.trail(), delays);
    this.history = new HistoryUpkeep(time, doors.locks(), doors.randomness(), doors.trail());
  }

  /** Holds a session until a newer one takes over or the sidecar stops. */
  Sessions.End attend(Mount mount, MountStorage storage, Events events)
      throws InterruptedException {
    var uuid = mount.uuid();
    var actors = acting.inBackground(mount, storage);
    var works =
        List.<Sessions.Work>of(
            () -> upkeep.run(mountClients.records(uuid, storage), actors),
            () -> upkeep.runUrgent(mountClients.records(uuid, storage), actors),
            () ->
                rotations.run(
                    staticRoles.of(uuid, storage), actors, events, () -> states.path(uuid)),
            () -> telling.run(uuid, storage, actors, () -> states.path(uuid)),
            () -> history.run(uuid, storage, mountClients.records(uuid, storage).history()));
    try {
      return LogContext.call(
          "",
          states.pathAtAnyTime(uuid),
          () ->
              sessions.attend(
                  uuid, () -> parallel.forEach(works, works.size(), Sessions.Work::run)));
    } finally {
      states.left(uuid);
    }
  }
}
