package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.mount.LeftoverWarnings.Left;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.upstream.Events;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, once a taint and again where it changes, what a tainted mount leaves behind if it is
 * disabled: Vault rolls a tainted mount back each minute, for as long as it stays one. What was
 * told is in memory, so that another sidecar tells it again.
 */
public final class TaintReports {
  /** Ids in one event. */
  static final int MOST_IN_ONE = 100;

  /** Events about one state of a mount; what is beyond them is counted. */
  public static final int MOST_EVENTS = 10;

  /**
   * Mounts of which is known what was told; of more, the one that was longest not rolled back is
   * told again.
   */
  private static final int MOST_MOUNTS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(TaintReports.class);

  private final Locks.Monitor monitor;
  private final Map<String, Told> byMount = new LinkedHashMap<>();

  public TaintReports(Doors doors) {
    this.monitor = doors.locks().monitor();
  }

  /**
   * What was told of a mount since its taint.
   *
   * @param lines hashes of the lines
   * @param active hash of what the events said
   */
  private record Told(Set<Long> lines, long active) {
    static final Told NOTHING = new Told(Set.of(), hash(List.of(), 0));

    static Told of(Left left) {
      return new Told(
          left.warnings().stream().map(Told::hash).collect(Collectors.toSet()),
          hash(left.active(), left.others()));
    }

    boolean has(String line) {
      return lines.contains(hash(line));
    }

    private static long hash(List<String> active, int others) {
      return hash(active.stream().sorted().toList() + " " + others);
    }

    /** That of {@link String}, in 64 bits. */
    private static long hash(String text) {
      long hash = 7;
      for (int i = 0; i < text.length(); i++) {
        hash = 1_000_003 * hash + text.charAt(i);
      }
      return hash;
    }
  }

  /** Takes note that a mount is not tainted any more: its next taint is told anew. */
  void over(String mountUuid) {
    monitor.run(() -> {
      byMount.remove(mountUuid);
    });
  }

  /**
   * Tells what was not told before.
   *
   * @return the lines that are new
   */
  public List<String> tell(String mountUuid, Left left, Events events) throws InterruptedException {
    var before = told(mountUuid);
    var now = Told.of(left);
    var news = left.warnings().stream().filter(line -> !before.has(line)).toList();
    news.forEach(line ->
        LOG.atWarn()
            .addKeyValue("mount", mountUuid)
            .addKeyValue("client", line)
            .log(
                "a mount is tainted, to be disabled or moved, before all of its clients are decommissioned"));
    if (before.active() != now.active() && !(left.active().isEmpty() && left.others() == 0)) {
      send(left, events);
    }
    put(mountUuid, now);
    return news;
  }

  private static void send(Left left, Events events) throws InterruptedException {
    int whole = (left.active().size() + MOST_IN_ONE - 1) / MOST_IN_ONE;
    int parts = Math.clamp(whole, 1, MOST_EVENTS);
    for (int part = 0; part < parts; part++) {
      var ids = left.active().stream().skip((long) part * MOST_IN_ONE).limit(MOST_IN_ONE).toList();
      var metadata = new HashMap<String, String>();
      metadata.put("operation", "mount-undrained");
      metadata.put("path", "drain");
      metadata.put("modified", "false");
      metadata.put("clients", Integer.toString(left.active().size()));
      metadata.put("others", Integer.toString(left.others()));
      metadata.put("part", Integer.toString(part + 1));
      metadata.put("parts", Integer.toString(parts));
      metadata.put("client_ids", String.join(",", ids));
      metadata.put(
          "detail",
          "the mount is tainted and was not drained: if this is a disabling and not a move, these clients stay active at Genesys, and nobody rotates or ends them. Drain a mount before it is disabled; after a disabling, delete them in Genesys. The sidecar's log names each of them with its static role or record");
      events.send("genesys/mount-undrained", metadata);
    }
  }

  private Told told(String mountUuid) {
    return monitor.get(() -> {
      return byMount.getOrDefault(mountUuid, Told.NOTHING);
    });
  }

  private void put(String mountUuid, Told told) {
    monitor.run(() -> {
      byMount.remove(mountUuid);
      byMount.put(mountUuid, told);
      if (byMount.size() > MOST_MOUNTS) {
        byMount.remove(byMount.keySet().iterator().next());
      }
    });
  }
}
