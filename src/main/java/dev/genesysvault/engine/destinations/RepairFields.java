package dev.genesysvault.engine.destinations;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.storage.DestinationConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * What a write means by {@code drift_check} and {@code auto_repair}.
 *
 * @param driftCheck how long after an entry was looked at it is looked at again; zero for never
 * @param repairs whether what somebody else has overwritten is written again
 */
record RepairFields(Duration driftCheck, boolean repairs) {
  private static final Duration SHORTEST_CHECK = Duration.ofMinutes(1);

  /** Reads them over what is configured so far. */
  static RepairFields merged(
      Fields fields, Optional<DestinationConfig> before, DestinationKind kind) {
    var checked =
        fields
            .seconds("drift_check")
            .or(() -> before.map(DestinationConfig::driftCheck))
            .orElse(Duration.ofDays(1));
    boolean repairs =
        fields
            .flag("auto_repair")
            .or(() -> before.map(DestinationConfig::autoRepairs))
            .orElse(fields.flagDefault("auto_repair"));
    if (!checked.isZero() && checked.compareTo(SHORTEST_CHECK) < 0) {
      throw RefusedException.badInput(
          "drift_check is %d seconds; must be at least %d, or 0 for never"
              .formatted(checked.toSeconds(), SHORTEST_CHECK.toSeconds()));
    }
    var shortest = kind.shortestRepair();
    if (repairs && !checked.isZero() && checked.compareTo(shortest) < 0) {
      throw RefusedException.badInput(
          "drift_check is %d seconds with auto_repair=true; must be at least %d for the kind %s, whose service takes so many writes of an entry a day, or 0 for never: raise drift_check, or write auto_repair=false"
              .formatted(checked.toSeconds(), shortest.toSeconds(), kind.name()));
    }
    return new RepairFields(checked, repairs);
  }
}
