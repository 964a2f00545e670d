/**
 * The contract's Java side: streams, the Unix socket, the call log. Turns frames into requests of
 * the engine and lends it Vault's storage for as long as a stream lives.
 */
@NullMarked
package dev.genesysvault.grpc;

import org.jspecify.annotations.NullMarked;
