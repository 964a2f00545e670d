/** The assembled process. */
@NullMarked
package dev.genesysvault;

import org.jspecify.annotations.NullMarked;
