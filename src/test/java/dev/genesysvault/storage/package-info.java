/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.storage;

import org.jspecify.annotations.NullMarked;
