/**
 * What is shown of each mount to whoever looks at the process and not at Vault, from memory alone.
 * Knows neither how it is known, nor how it is shown.
 */
@NullMarked
package dev.genesysvault.overview;

import org.jspecify.annotations.NullMarked;
