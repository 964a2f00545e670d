/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.engine;

import org.jspecify.annotations.NullMarked;
