/** Tests of what is pushed to CloudWatch. */
@NullMarked
package dev.genesysvault.observe.cloudwatch;

import org.jspecify.annotations.NullMarked;
