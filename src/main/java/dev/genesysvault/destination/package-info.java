/**
 * Port to the places outside of this mount where applications read a static role's credential: what
 * each kind of them must be able to do. Nothing here knows which kinds there are.
 */
@NullMarked
package dev.genesysvault.destination;

import org.jspecify.annotations.NullMarked;
