package dev.genesysvault.alarm;

import java.util.List;

/** Who knows which alarms stand, for those who show them: costs a look at what is in memory. */
@FunctionalInterface
public interface AlarmBoard {
  /** As many alarms of single things are told of one mount, beside those of the whole mount. */
  int MOST = 1_000;

  /** Returns the mounts that this sidecar works for, with what stands of each. */
  List<OfMount> standing();

  /**
   * What stands of one mount.
   *
   * @param mount its path, with a trailing slash
   * @param alarms the worst first, of these what is about the whole mount, then the oldest; no more
   *     than {@link #MOST} and one of each kind
   * @param more how many further ones there are
   */
  record OfMount(String mount, List<Alarm> alarms, int more) {
    /** Copies the list. */
    public OfMount {
      alarms = List.copyOf(alarms);
    }
  }
}
