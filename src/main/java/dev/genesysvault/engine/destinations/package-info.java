/** {@code destinations/}: the places outside of this mount where static roles' credentials go. */
@NullMarked
package dev.genesysvault.engine.destinations;

import org.jspecify.annotations.NullMarked;
