/** What operators see of the process: health over HTTP. */
@NullMarked
package dev.genesysvault.observe;

import org.jspecify.annotations.NullMarked;
