/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.simulator;

import org.jspecify.annotations.NullMarked;
