/** What tests need from inside the sidecar's half of the contract. */
@NullMarked
package dev.genesysvault.grpc;

import org.jspecify.annotations.NullMarked;
