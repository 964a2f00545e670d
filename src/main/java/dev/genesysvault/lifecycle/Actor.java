package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import java.util.Optional;

/**
 * The mount that acts on clients, and what it must never touch.
 *
 * @param ownClientId the mount's own client
 * @param organization that {@code genesys} was seen to reach
 */
public record Actor(Mark mark, ClientId ownClientId, Organization organization, Genesys genesys) {

  /** Returns why a client must not be touched by this mount, ever. */
  Optional<String> forbids(ClientKey key, ClientId id, Mark itsMark) {
    if (id.equals(ownClientId)) {
      return Optional.of("client %s is the mount's own client".formatted(id));
    }
    if (!itsMark.equals(mark)) {
      return Optional.of(
          "client %s (%s) carries the mark %s, and this mount's is %s"
              .formatted(id, key, itsMark, mark));
    }
    return Optional.empty();
  }

  /** Returns why a client cannot be reached with the present configuration. */
  Optional<String> cannotReach(ClientId id, String organizationId) {
    return organizationId.equals(organization.id())
        ? Optional.empty()
        : Optional.of(
            "client %s lives in organisation %s, and config reaches %s: write config with a client of the former"
                .formatted(id, organizationId, organization.id()));
  }
}
