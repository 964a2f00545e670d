/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.observe;

import org.jspecify.annotations.NullMarked;
