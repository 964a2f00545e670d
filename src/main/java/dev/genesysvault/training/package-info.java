/**
 * What {@code genesys-sidecar --train} does: has a sidecar that records itself answer what a plugin
 * asks in its first minute, over a real socket and a simulated Genesys behind TLS, so that the JVM
 * can keep what it learnt. A program of its own, in the simulator's jar; no other room uses it.
 */
@NullMarked
package dev.genesysvault.training;

import org.jspecify.annotations.NullMarked;
