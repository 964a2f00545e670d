/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.alert;

import org.jspecify.annotations.NullMarked;
