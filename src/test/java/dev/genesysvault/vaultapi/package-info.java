/** Tests. Vault's HTTP API for the commands beside the sidecar. */
@NullMarked
package dev.genesysvault.vaultapi;

import org.jspecify.annotations.NullMarked;
