package dev.genesysvault.engine.request;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The lease that a request of Vault to renew or to revoke is about.
 *
 * @param secretType of the descriptor
 * @param internalData what the reply that made the lease said
 * @param maxTtl counted from {@code issued}; zero: the mount's
 * @param increment what the caller of a renew asked for; zero: nothing
 * @param issued when Vault made it
 */
public record Lease(
    String secretType,
    Map<String, Object> internalData,
    Duration maxTtl,
    Duration increment,
    Instant issued) {}
