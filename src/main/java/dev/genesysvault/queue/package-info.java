/** What waits for which client, and when it is due. */
@NullMarked
package dev.genesysvault.queue;

import org.jspecify.annotations.NullMarked;
