/**
 * How lines of the log look and how many there are: text or JSON, bounded, with for whom they were
 * written; one a minute of what comes again and again. Alone knows Logback.
 */
@NullMarked
package dev.genesysvault.logging;

import org.jspecify.annotations.NullMarked;
