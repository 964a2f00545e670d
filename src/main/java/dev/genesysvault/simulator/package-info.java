/**
 * A Genesys Cloud that behaves as the published facts say, and misbehaves on request: both origins,
 * real roles, divisions, grants and privilege ceiling, a knob for each thing that nobody published.
 * A program of its own; nothing depends on it but tests.
 */
@NullMarked
package dev.genesysvault.simulator;

import org.jspecify.annotations.NullMarked;
