package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import java.time.Instant;

/**
 * What a lease knows of its client.
 *
 * @param mountUuid Vault's uuid of the mount
 * @param organizationId where the client lives
 * @param mark of the mount that made it
 * @param issued when Vault leased it
 */
public record LeasedClient(
    String mountUuid,
    ClientKey key,
    ClientId clientId,
    String organizationId,
    Mark mark,
    Instant issued) {}
