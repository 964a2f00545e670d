/** What operators see of the process: health and metrics over HTTP. Alone knows Micrometer. */
@NullMarked
package dev.genesysvault.observe;

import org.jspecify.annotations.NullMarked;
