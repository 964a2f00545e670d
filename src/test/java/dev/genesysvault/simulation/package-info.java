/**
 * The whole sidecar logic under a seeded scheduler: one seed is one schedule, to the bit. Vault,
 * its storage, Genesys, the network and the clock are played; the engine, its rules and the Genesys
 * adapter are the real ones. Start at {@link dev.genesysvault.simulation.SimulationTest}.
 */
@NullMarked
package dev.genesysvault.simulation;

import org.jspecify.annotations.NullMarked;
