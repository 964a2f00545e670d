/**
 * How this process reaches the outside: which proxy leads where and how it is logged in to, whose
 * certificates are trusted, and what is said where no connection comes about. {@link
 * dev.genesysvault.network.Transport} is the sidecar's one door to the network; what opens
 * connections without it reads its way here.
 */
@NullMarked
package dev.genesysvault.network;

import org.jspecify.annotations.NullMarked;
