package dev.genesysvault.engine.request;

import java.time.Duration;
import java.util.Optional;

/**
 * What Vault says of the mount that a request is about.
 *
 * @param uuid stable over remounts and node changes
 * @param path with a trailing slash; empty where Vault has not told
 * @param writable whether this node may write to its storage
 * @param defaultLeaseTtl empty where Vault could not be asked
 * @param maxLeaseTtl empty where Vault could not be asked
 * @param tainted whether it is being disabled; empty where Vault could not be asked, which is not
 *     "no"
 */
public record Mount(
    String uuid,
    String path,
    boolean writable,
    Optional<Duration> defaultLeaseTtl,
    Optional<Duration> maxLeaseTtl,
    Optional<Boolean> tainted) {}
