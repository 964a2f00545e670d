/** Tests. The page of the management address. */
@NullMarked
package dev.genesysvault.page;

import org.jspecify.annotations.NullMarked;
