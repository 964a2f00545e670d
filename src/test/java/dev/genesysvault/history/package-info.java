/** Tests. What is kept on purpose for whoever audits. */
@NullMarked
package dev.genesysvault.history;

import org.jspecify.annotations.NullMarked;
