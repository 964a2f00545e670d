/**
 * The sidecar's front: {@code Main} starts it, {@code Sidecar} is the one place that assembles
 * everything, by constructors.
 */
@NullMarked
package dev.genesysvault;

import org.jspecify.annotations.NullMarked;
