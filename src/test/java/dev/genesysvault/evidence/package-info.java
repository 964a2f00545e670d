/** Tests. The command {@code evidence}. */
@NullMarked
package dev.genesysvault.evidence;

import org.jspecify.annotations.NullMarked;
