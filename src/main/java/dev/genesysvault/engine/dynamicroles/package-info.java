/** Roles, the clients that they lease, and what becomes of those. */
@NullMarked
package dev.genesysvault.engine.dynamicroles;

import org.jspecify.annotations.NullMarked;
