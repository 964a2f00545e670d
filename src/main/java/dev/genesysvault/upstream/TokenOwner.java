package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.Optional;

/**
 * The client that a token was made for.
 *
 * @param end when Genesys deletes it; empty where it does not say that it will
 */
public record TokenOwner(ClientId id, Optional<Instant> end) {}
