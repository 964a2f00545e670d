/** Tests of the command that imports a fleet. */
@NullMarked
package dev.genesysvault.fleet;

import org.jspecify.annotations.NullMarked;
