/** How the process is set up: flags and environment, checked all at once. */
@NullMarked
package dev.genesysvault.config;

import org.jspecify.annotations.NullMarked;
