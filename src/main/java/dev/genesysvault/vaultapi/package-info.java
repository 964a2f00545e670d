/**
 * Vault's HTTP API for the commands beside the sidecar: found as by Vault's own command line, asked
 * patiently.
 */
@NullMarked
package dev.genesysvault.vaultapi;

import org.jspecify.annotations.NullMarked;
