/** What metrics cost. */
@NullMarked
package dev.genesysvault.benchmark;

import org.jspecify.annotations.NullMarked;
