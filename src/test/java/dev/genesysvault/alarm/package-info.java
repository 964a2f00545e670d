/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.alarm;

import org.jspecify.annotations.NullMarked;
