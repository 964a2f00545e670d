/** The list of metrics and its document. */
@NullMarked
package dev.genesysvault.metrics;

import org.jspecify.annotations.NullMarked;
