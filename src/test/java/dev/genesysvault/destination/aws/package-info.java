/** Tests of the kind {@code aws_secrets_manager} against a played AWS. */
@NullMarked
package dev.genesysvault.destination.aws;

import org.jspecify.annotations.NullMarked;
