/** The rules of the house as tests. */
@NullMarked
package dev.genesysvault.arch;

import org.jspecify.annotations.NullMarked;
