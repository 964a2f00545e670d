/** Tests of the script that starts the sidecar. */
@NullMarked
package dev.genesysvault.launcher;

import org.jspecify.annotations.NullMarked;
