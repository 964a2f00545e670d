/** Ports to Genesys and to Vault's event bus. */
@NullMarked
package dev.genesysvault.upstream;

import org.jspecify.annotations.NullMarked;
