/**
 * Destinations that are KV engines, version 2, of another Vault or OpenBao: another server, another
 * namespace or another cluster, spoken to by its HTTP API. Nobody comes in but the assembly.
 */
@NullMarked
package dev.genesysvault.destination.vault;

import org.jspecify.annotations.NullMarked;
