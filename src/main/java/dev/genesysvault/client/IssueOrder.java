package dev.genesysvault.client;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.storage.Storage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One client that somebody asks for.
 *
 * @param key of the record; the same for a replay of the same request
 * @param mark of the mount
 * @param organizationId where the client shall live
 * @param seenConfig the configuration that says so, where it came along with the request
 * @param endpoint under which it is asked for
 * @param role that it is made for
 * @param nameStem what its name begins with, already rendered
 * @param description of the client
 * @param accessTokenValidity 300 to 172,800 s
 * @param properties further members of its body
 * @param ttl that the lease is granted
 * @param displayName Vault's display name of the reader's token
 * @param entityId Vault's entity of the reader; empty for none
 * @param attributed whether it is kept for whoever audits when it has ended
 */
public record IssueOrder(
    ClientKey key,
    Mark mark,
    String organizationId,
    Optional<Storage.Seen> seenConfig,
    Endpoint endpoint,
    String role,
    String nameStem,
    String description,
    Duration accessTokenValidity,
    Set<RoleDivision> roleDivisions,
    Map<String, Object> properties,
    Duration ttl,
    String displayName,
    String entityId,
    boolean attributed) {}
