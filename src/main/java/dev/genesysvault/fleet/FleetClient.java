package dev.genesysvault.fleet;

import dev.genesysvault.domain.Credential;
import java.time.Duration;
import java.util.Optional;

/**
 * A client that a list names.
 *
 * @param line of the list where it begins, from 1
 * @param role name of the static role that it is to have; empty where the list gives none
 * @param period between two rotations; empty where the list gives none
 * @param grace of a former client; empty where the list gives none
 */
record FleetClient(
    int line,
    Credential credential,
    String role,
    Optional<Duration> period,
    Optional<Duration> grace) {
  String id() {
    return credential.id().value();
  }
}
