/**
 * What Vault's users meet: one handler for each path of the descriptor, and the background session
 * of each mount. Start at {@link dev.genesysvault.engine.Engine}; {@code grpc} comes in there.
 */
@NullMarked
package dev.genesysvault.engine;

import org.jspecify.annotations.NullMarked;
