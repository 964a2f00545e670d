package dev.genesysvault.fleet;

import java.time.Duration;
import java.util.Optional;

/**
 * How a fleet is imported.
 *
 * @param mount path of the mount, without slashes at its ends
 * @param dryRun whether to look only
 * @param period between two rotations, where the list gives none
 * @param grace of a former client; empty for Vault's own default
 * @param keepImported whether clients live on after their first rotation
 * @param names of static roles, where the list gives none
 * @param parallel requests to Vault at a time, from 1
 */
record ImportSettings(
    String mount,
    boolean dryRun,
    Duration period,
    Optional<Duration> grace,
    boolean keepImported,
    RoleNames names,
    int parallel) {

  String rolePath(String role) {
    return mount + "/static-roles/" + role;
  }

  String importPath(String role) {
    return rolePath(role) + "/import";
  }

  Duration period(FleetClient client) {
    return client.period().orElse(period);
  }

  Optional<Duration> grace(FleetClient client) {
    return client.grace().or(() -> grace);
  }
}
