package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import java.util.Optional;

/**
 * The mount that acts on clients, and what it must never touch.
 *
 * @param ownClientId the mount's own client
 * @param organization that {@code genesys} was seen to reach
 * @param endpoint where {@code genesys} is reached
 * @param live what its static roles live on
 */
public record Actor(
    Mark mark,
    ClientId ownClientId,
    Organization organization,
    Endpoint endpoint,
    Genesys genesys,
    LiveClients live) {

  /** Returns why a client must not be touched by this mount, ever. */
  public Optional<String> forbids(ClientKey key, ClientId id, Mark itsMark) {
    var own = isOwn(id);
    if (own.isPresent()) {
      return own;
    }
    if (!itsMark.equals(mark)) {
      return Optional.of(
          "client %s (%s) carries the mark %s, and this mount's is %s"
              .formatted(id, key, itsMark, mark));
    }
    return Optional.empty();
  }

  /** Returns why a client that is the mount's own must not be touched; empty where it is not. */
  public Optional<String> isOwn(ClientId id) {
    return id.equals(ownClientId)
        ? Optional.of(
            "client %s is the mount's own client: write config with another client if this one has to go, then write clients/<key>/retry"
                .formatted(id))
        : Optional.empty();
  }

  /**
   * Returns why a record does not prove that its client was made under its key; empty where it
   * does. A former client of a static role may have been made by somebody else.
   */
  public Optional<String> disowns(ClientKey key, ClientRecord client) {
    return client.kind() == Kind.DYNAMIC
        ? misnamed(key, client)
            .map(name ->
                "the record of %s names \"%s\", which does not carry this mount's mark and its key, so that client %s is not touched: delete it in Genesys if it has to go"
                    .formatted(key, name, client.clientId()))
        : Optional.empty();
  }

  /**
   * Returns why nobody could recognise what a record's creates made; empty where this mount can.
   */
  public Optional<String> cannotRecognize(ClientKey key, ClientRecord client) {
    return misnamed(key, client)
        .map(name ->
            "the record of %s names \"%s\", which does not carry this mount's mark and its key, so that nothing is looked for: delete the client of that name in Genesys if there is one"
                .formatted(key, name));
  }

  private Optional<String> misnamed(ClientKey key, ClientRecord client) {
    return client.names().stream()
        .map(ClientName::value)
        .filter(name -> !ClientNaming.isOurs(name, mark, key))
        .findFirst();
  }

  /** Returns why a client must not be ended that a static role's readers use. */
  public Optional<String> keepsForStaticRole(ClientId id) throws InterruptedException {
    return live.keeping(id);
  }

  /** Returns why a client cannot be reached with the present configuration. */
  public Optional<String> cannotReach(ClientId id, String organizationId) {
    return organizationId.equals(organization.id())
        ? Optional.empty()
        : Optional.of(
            "client %s lives in organisation %s, and config reaches %s: write config with a client of the former"
                .formatted(id, organizationId, organization.id()));
  }
}
