/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.lifecycle;

import org.jspecify.annotations.NullMarked;
