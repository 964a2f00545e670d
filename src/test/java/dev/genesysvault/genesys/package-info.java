/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.genesys;

import org.jspecify.annotations.NullMarked;
