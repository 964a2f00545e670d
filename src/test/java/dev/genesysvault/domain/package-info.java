/** Tests of the room of the same name. */
@NullMarked
package dev.genesysvault.domain;

import org.jspecify.annotations.NullMarked;
