/**
 * The kind {@code integration_credential}: what an integration of the mount's own organisation logs
 * in with.
 */
@NullMarked
package dev.genesysvault.destination.integration;

import org.jspecify.annotations.NullMarked;
