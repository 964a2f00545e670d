/**
 * How this process reaches the outside: which proxy leads where and how it is logged in to, whose
 * certificates are trusted, and what is said where no connection comes about. Whoever opens a
 * connection to another host reads it here.
 */
@NullMarked
package dev.genesysvault.network;

import org.jspecify.annotations.NullMarked;
