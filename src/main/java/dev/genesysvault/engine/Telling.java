package dev.genesysvault.engine;

import dev.genesysvault.alert.Alerts;
import dev.genesysvault.engine.alerts.AlertHandler;
import dev.genesysvault.engine.alerts.AlertTestHandler;
import dev.genesysvault.engine.mount.AlertStates;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.mount.MountAlarms;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upkeep.ClientUpkeep;
import java.util.Map;
import java.util.function.Supplier;

/** How people are told of what is wrong: the paths of receivers, and the work of a session. */
final class Telling {
  private final MountAlarms alarms;
  private final AlertStates states;
  private final Alerts alerts;
  private final Map<String, Handler> paths;

  Telling(
      MountAlarms alarms,
      AlertStates states,
      Receivers receivers,
      Parallel parallel,
      EntryLocks entryLocks,
      Doors doors) {
    this.alarms = alarms;
    this.states = states;
    this.alerts =
        new Alerts(
            doors.time(),
            doors.randomness(),
            parallel,
            doors.trail(),
            receivers.kinds(),
            receivers.between());
    this.paths =
        Map.of(
            "alerts/list",
            new Listing(request -> request.storage().alertReceivers().names()),
            "alerts/name",
            new AlertHandler(states, receivers.kinds(), entryLocks, doors.randomness()),
            "alerts/test",
            new AlertTestHandler(receivers.kinds(), doors.randomness(), doors.time()));
  }

  /** Returns the handlers of its paths. */
  Map<String, Handler> paths() {
    return paths;
  }

  /** Takes note that receivers of a mount were written elsewhere. */
  void changed(String mountUuid) {
    states.of(mountUuid).changed();
  }

  /** Looks and tells, for as long as a background session lasts. */
  void run(
      String mountUuid, MountStorage storage, ClientUpkeep.Actors actors, Supplier<String> path)
      throws InterruptedException {
    try {
      alerts.run(
          mountUuid, storage, states.of(mountUuid), () -> alarms.look(mountUuid, actors), path);
    } finally {
      alarms.over(mountUuid);
    }
  }
}
