/** Tests. How lines of the log look and how many there are. */
@NullMarked
package dev.genesysvault.logging;

import org.jspecify.annotations.NullMarked;
