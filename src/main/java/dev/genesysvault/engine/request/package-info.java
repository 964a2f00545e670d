/** One request of Vault, and its reply. */
@NullMarked
package dev.genesysvault.engine.request;

import org.jspecify.annotations.NullMarked;
