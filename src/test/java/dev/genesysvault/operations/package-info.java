/** What lies in {@code operations/}, held against the lists of metrics and alarms. */
@NullMarked
package dev.genesysvault.operations;

import org.jspecify.annotations.NullMarked;
