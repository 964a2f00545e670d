/**
 * The whole: a real Vault server, the real plugin process, the real sidecar, as users drive them
 * over HTTP. The simulator stands in for Genesys.
 */
@NullMarked
package dev.genesysvault.e2e;

import org.jspecify.annotations.NullMarked;
