package dev.genesysvault.domain;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A Genesys Cloud organisation.
 *
 * @param id as Genesys gave it; not blank
 * @param name for people; may be empty
 */
public record Organization(String id, String name) {
  private static final String CLAIMED = ".claimed.";

  /** Of an id that is claimed; Genesys' are shorter. */
  private static final int LONGEST_CLAIMED = 50;

  /** Checks the id. */
  public Organization {
    Identifiers.checked("organization id", id);
  }

  /**
   * Returns what this organisation is to a mount where nothing but the word of whoever answers at
   * those addresses says that it is reached there: another one.
   */
  public Organization claimedAt(Endpoint endpoint) {
    var address = endpoint.toString().getBytes(StandardCharsets.UTF_8);
    return new Organization(
        id.substring(0, Math.min(id.length(), LONGEST_CLAIMED))
            + CLAIMED
            + UUID.nameUUIDFromBytes(address),
        "%s, as %s says".formatted(name, endpoint.api().getAuthority()));
  }

  /** Whether this is what the organisation of that id is to a mount. */
  public boolean isOrClaims(String organizationId) {
    return id.equals(organizationId) || id.startsWith(organizationId + CLAIMED);
  }
}
