/**
 * The kind {@code gcp_secret_manager}: secrets of Google Secret Manager, by Google's own library.
 * That library may be missing: {@code GcpSecretManagerKind} and what reads settings know none of
 * its types. Nobody comes in but the assembly.
 */
@NullMarked
package dev.genesysvault.destination.google;

import org.jspecify.annotations.NullMarked;
