/**
 * Destinations that are secrets of AWS Secrets Manager. Nobody comes in but the assembly. The kind,
 * its settings and its names know nothing of Amazon's library, which a sidecar may be without.
 */
@NullMarked
package dev.genesysvault.destination.aws;

import org.jspecify.annotations.NullMarked;
