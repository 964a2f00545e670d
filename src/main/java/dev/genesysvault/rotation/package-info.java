/**
 * How the clients of static roles succeed one another: when, in which steps, and what a successor
 * has to show before anybody gets it.
 */
@NullMarked
package dev.genesysvault.rotation;

import org.jspecify.annotations.NullMarked;
