/**
 * The Genesys Cloud Platform API behind the ports of {@code upstream}, over the official SDK. Every
 * status and code ends in one of refused, limited, unavailable, unknown. Nobody comes in but the
 * assembly.
 */
@NullMarked
package dev.genesysvault.genesys;

import org.jspecify.annotations.NullMarked;
