/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.resilience;

import org.jspecify.annotations.NullMarked;
