/** The background session: what is done for clients without a request. */
@NullMarked
package dev.genesysvault.upkeep;

import org.jspecify.annotations.NullMarked;
