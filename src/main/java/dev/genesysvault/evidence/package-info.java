/** The command {@code evidence}: what a mount's history says of a time span, for an auditor. */
@NullMarked
package dev.genesysvault.evidence;

import org.jspecify.annotations.NullMarked;
