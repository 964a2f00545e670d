/**
 * What one mount keeps: the port to Vault's storage, the documents and their JSON. Whoever writes a
 * document reads it again first, under the lock of its key.
 */
@NullMarked
package dev.genesysvault.storage;

import org.jspecify.annotations.NullMarked;
