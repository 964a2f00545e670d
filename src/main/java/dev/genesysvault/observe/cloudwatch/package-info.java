/**
 * Pushes metrics to Amazon CloudWatch, by Micrometer's registry and Amazon's library, both of which
 * may be missing.
 */
@NullMarked
package dev.genesysvault.observe.cloudwatch;

import org.jspecify.annotations.NullMarked;
