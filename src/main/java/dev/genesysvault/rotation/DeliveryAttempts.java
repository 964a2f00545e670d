package dev.genesysvault.rotation;

import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.rotation.RoleSnapshot.Attempt;
import dev.genesysvault.storage.Delivery;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a session has tried of the entries of one static role, in memory: belongs to whoever has
 * taken the role; what it shows to others is replaced as a whole.
 */
final class DeliveryAttempts {
  private final Map<String, Map<Purpose, Tried>> byPlace = new HashMap<>();
  private volatile Map<String, Attempt> shown = Map.of();

  /**
   * What was tried of one entry.
   *
   * @param of what was stored of it then: once that is another one, it is tried at once
   * @param failures in a row
   * @param trouble what failed last
   * @param next when it may be tried, or looked at, again
   */
  record Tried(Delivery of, Purpose purpose, int failures, Trouble trouble, Deadline next) {}

  /** What was tried. */
  enum Purpose {
    SEND,
    LOOK,
    RETIRE,
    REMOVE
  }

  /** Returns what was tried of an entry of which that is stored. */
  Optional<Tried> of(Delivery stored, Purpose purpose) {
    return last(stored, purpose).filter(tried -> tried.of().equals(stored));
  }

  /** Returns how often an entry has failed in a row, and of what last. */
  Optional<Tried> last(Delivery stored, Purpose purpose) {
    return Optional.ofNullable(of(stored).get(purpose));
  }

  private Map<Purpose, Tried> of(Delivery stored) {
    return byPlace.getOrDefault(place(stored), Map.of());
  }

  void put(Tried tried, Instant now) {
    byPlace
        .computeIfAbsent(place(tried.of()), _ -> new EnumMap<>(Purpose.class))
        .put(tried.purpose(), tried);
    var failed = tried.failures() > 0 ? Optional.of(tried) : failed(tried.of());
    var attempts = new HashMap<>(shown);
    attempts.remove(place(tried.of()));
    failed.ifPresent(it ->
        attempts.put(
            place(tried.of()),
            new Attempt(it.failures(), it.trouble().text(), now.plus(it.next().left()))));
    shown = Map.copyOf(attempts);
  }

  private Optional<Tried> failed(Delivery stored) {
    return of(stored).values().stream().filter(it -> it.failures() > 0).findFirst();
  }

  void forget(Delivery stored) {
    byPlace.remove(place(stored));
    var attempts = new HashMap<>(shown);
    attempts.remove(place(stored));
    shown = Map.copyOf(attempts);
  }

  /** Returns what failed and has not succeeded since, by {@link #place}. */
  Map<String, Attempt> shown() {
    return shown;
  }

  /** Returns what tells entries apart: no destination's name holds a slash. */
  private static String place(Delivery delivery) {
    return Deliveries.place(delivery);
  }
}
