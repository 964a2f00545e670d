package dev.genesysvault.overview;

import java.util.List;

/** Who knows the mounts that this sidecar works for: costs a look at what is in memory. */
public interface Overview {
  /** Returns the mounts that are there, by their paths; names no role. */
  List<MountOverview> mounts();

  /**
   * Returns when their static roles were rotated and will be: a walk over all of them.
   *
   * @param named whether roles are named
   */
  List<RotationCalendar> calendars(boolean named);
}
