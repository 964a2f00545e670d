/**
 * The command that imports a fleet of clients that exist. It is a program of its own, which knows
 * Vault's HTTP API alone.
 */
@NullMarked
package dev.genesysvault.fleet;

import org.jspecify.annotations.NullMarked;
