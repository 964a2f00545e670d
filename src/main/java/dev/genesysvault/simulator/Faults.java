package dev.genesysvault.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The faults of the simulator that are armed, and the requests that are held. */
final class Faults {
  private final List<Armed> armed = new ArrayList<>();
  private final Map<Long, Held> held = new LinkedHashMap<>();
  private long lastHeld;

  private static final class Armed {
    private final Fault fault;
    private int left;

    Armed(Fault fault, int left) {
      this.fault = fault;
      this.left = left;
    }
  }

  /** A request that waits. */
  private record Held(String request, CompletableFuture<Boolean> release) {}

  void arm(Map<String, Object> wanted) {
    armed.add(new Armed(Fault.of(wanted), Fault.count(wanted)));
  }

  /** Returns what is to go wrong with a request, and counts it. */
  Optional<Fault> take(SimulatedRequest request, String template) {
    for (Iterator<Armed> all = armed.iterator(); all.hasNext(); ) {
      var next = all.next();
      if (next.fault.matches(request, template)) {
        if (--next.left == 0) {
          all.remove();
        }
        return Optional.of(next.fault);
      }
    }
    return Optional.empty();
  }

  long hold(SimulatedRequest request) {
    long id = ++lastHeld;
    held.put(id, new Held(request.method() + " " + request.path(), new CompletableFuture<>()));
    return id;
  }

  /** Returns what completes when a held request is released; at once where it was. */
  CompletableFuture<Boolean> released(long id) {
    return Optional.ofNullable(held.get(id))
        .map(Held::release)
        .orElseGet(() -> CompletableFuture.completedFuture(true));
  }

  /** Releases one held request, or all. */
  int release(Optional<Long> id) {
    var ids = id.map(List::of).orElseGet(() -> List.copyOf(held.keySet()));
    int count = 0;
    for (var each : ids) {
      var request = held.remove(each);
      if (request != null) {
        request.release().complete(true);
        count++;
      }
    }
    return count;
  }

  void clear() {
    armed.clear();
    release(Optional.empty());
  }

  Map<String, Object> shown() {
    var shownArmed = new ArrayList<Map<String, Object>>();
    for (var each : armed) {
      shownArmed.add(
          Map.of(
              "method", each.fault.method(),
              "path", each.fault.path(),
              "kind", each.fault.kind().name(),
              "left", each.left));
    }
    var shownHeld = new ArrayList<Map<String, Object>>();
    held.forEach((id, each) -> shownHeld.add(Map.of("id", id, "request", each.request())));
    return Map.of("armed", shownArmed, "held", shownHeld);
  }
}
