/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.rotation;

import org.jspecify.annotations.NullMarked;
