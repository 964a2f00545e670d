/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.config;

import org.jspecify.annotations.NullMarked;
