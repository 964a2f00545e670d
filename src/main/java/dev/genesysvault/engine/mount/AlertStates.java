package dev.genesysvault.engine.mount;

import dev.genesysvault.alert.MountAlerts;
import dev.genesysvault.engine.request.Request;

/** What is known of the receivers of each mount's alarms. */
public final class AlertStates {
  private final MountStates states;

  public AlertStates(MountStates states) {
    this.states = states;
  }

  public MountAlerts of(Request request) {
    return of(request.mount().uuid());
  }

  public MountAlerts of(String mountUuid) {
    return states.of(mountUuid).alerts;
  }
}
