/** Fakes that behave like the thing and can be told to misbehave. */
@NullMarked
package dev.genesysvault.testing;

import org.jspecify.annotations.NullMarked;
