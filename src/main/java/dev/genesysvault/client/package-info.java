/** The life of one client, from its announcement to its end. */
@NullMarked
package dev.genesysvault.client;

import org.jspecify.annotations.NullMarked;
