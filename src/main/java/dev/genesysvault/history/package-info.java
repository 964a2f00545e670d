/**
 * What is kept on purpose, for whoever audits: rotations of static roles and clients that are gone;
 * how long, and how much of it.
 */
@NullMarked
package dev.genesysvault.history;

import org.jspecify.annotations.NullMarked;
