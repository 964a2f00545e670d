package dev.genesysvault.simulator;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Who asks the simulated Genesys, and what it may do: permission checks and the privilege ceiling.
 */
record Caller(String token, SimulatedClient client, Set<Grant> grants, World world) {
  static Caller of(SimulatedRequest request, World world) {
    var header = request.header("authorization").orElse("");
    if (!header.startsWith("Bearer ")) {
      throw SimulatedError.of(
          401,
          "authentication.required",
          "No authentication bearer token specified in authorization header.");
    }
    var text = header.substring("Bearer ".length());
    return world
        .token(text)
        .map(token -> new Caller(text, token.client(), world.grants(token), world))
        .orElseThrow(() -> SimulatedError.of(401, "bad.credentials", "Invalid login credentials."));
  }

  /** Fails unless one of the caller's roles allows one of the permissions. */
  void needsAny(String... permissions) {
    boolean allowed =
        grants.stream()
            .map(grant -> world.role(grant.roleId()).orElse(null))
            .filter(Objects::nonNull)
            .anyMatch(role -> List.of(permissions).stream().anyMatch(role::allows));
    if (!allowed) {
      throw SimulatedError.of(
          403,
          "missing.any.permissions",
          "Unable to perform the requested action. You must have at least one of the following permissions assigned: "
              + List.of(permissions));
    }
  }

  /** Fails unless the caller itself holds everything that it grants. */
  void mayGrant(Set<Grant> wanted) {
    for (var grant : wanted) {
      boolean known =
          world.role(grant.roleId()).isPresent()
              && (grant.divisionId().equals(Division.ALL)
                  || world.division(grant.divisionId()).isPresent());
      if (!known) {
        throw answer(Knob.UNKNOWN_ROLE, "Unknown role or division.");
      }
      if (!grants.contains(grant) && !grants.contains(new Grant(grant.roleId(), Division.ALL))) {
        throw answer(Knob.UNHELD_ROLE, "You are not authorized to perform the requested action.");
      }
    }
  }

  private SimulatedError answer(Knob knob, String message) {
    var parts = world.knobs.text(knob).split(" ", 2);
    return SimulatedError.of(Integer.parseInt(parts[0]), parts[1], message);
  }

  /** Names no token. */
  @Override
  public String toString() {
    return "Caller[" + client.id + "]";
  }
}
