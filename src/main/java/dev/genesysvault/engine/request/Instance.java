package dev.genesysvault.engine.request;

import java.time.Instant;

/**
 * Who this sidecar is, as replies say.
 *
 * @param id random, made at each start
 * @param version such as {@code v0.1.0}
 * @param started when
 */
public record Instance(String id, String version, Instant started) {}
