/** Tests of the kind {@code vault_kv} against a played Vault. */
@NullMarked
package dev.genesysvault.destination.vault;

import org.jspecify.annotations.NullMarked;
