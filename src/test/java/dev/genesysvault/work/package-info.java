/** Tests. Keyed work that is due by time: its queue, its pauses, and the loop that does it. */
@NullMarked
package dev.genesysvault.work;

import org.jspecify.annotations.NullMarked;
