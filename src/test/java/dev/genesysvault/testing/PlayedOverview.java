package dev.genesysvault.testing;

import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.Overview;
import dev.genesysvault.overview.RotationCalendar;
import java.util.ArrayList;
import java.util.List;

/** What a test says that mounts are like. */
public final class PlayedOverview implements Overview {
  private final List<MountOverview> mounts = new ArrayList<>();
  private final List<RotationCalendar> calendars = new ArrayList<>();

  /** Has one more mount. */
  public synchronized PlayedOverview with(MountOverview mount) {
    mounts.add(mount);
    return this;
  }

  /** Has the rotations of one more mount. */
  public synchronized PlayedOverview with(RotationCalendar calendar) {
    calendars.add(calendar);
    return this;
  }

  /** Has no mount any more. */
  public synchronized void clear() {
    mounts.clear();
    calendars.clear();
  }

  @Override
  public synchronized List<MountOverview> mounts() {
    return List.copyOf(mounts);
  }

  @Override
  public synchronized List<RotationCalendar> calendars(boolean named) {
    return calendars.stream()
        .map(it -> named ? it : new RotationCalendar(it.mount(), it.days(), List.of(), List.of()))
        .toList();
  }
}
