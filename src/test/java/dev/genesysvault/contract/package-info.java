/** The sidecar over the real contract: a real socket, a shim played by the test. */
@NullMarked
package dev.genesysvault.contract;

import org.jspecify.annotations.NullMarked;
