/** The rules of the way out, and files that an operator gives. */
@NullMarked
package dev.genesysvault.network;

import org.jspecify.annotations.NullMarked;
