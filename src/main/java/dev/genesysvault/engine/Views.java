package dev.genesysvault.engine;

import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.overview.Overview;
import java.util.List;

/**
 * What can be seen of all mounts at any time, from memory alone.
 *
 * @param gauges as metrics show it
 * @param overview as people look at it
 * @param alarms which alarms stand, as of seconds ago
 */
public record Views(List<Gauges> gauges, Overview overview, AlarmBoard alarms) {
  /** Copies the list. */
  public Views {
    gauges = List.copyOf(gauges);
  }
}
