/**
 * What can be counted, timed and read of the sidecar: the one list of metrics, and the ports
 * through which rooms report them. Knows no library for metrics.
 */
@NullMarked
package dev.genesysvault.metrics;

import org.jspecify.annotations.NullMarked;
