/** Tests. Fields that roles and static roles share. */
@NullMarked
package dev.genesysvault.engine.staticroles;

import org.jspecify.annotations.NullMarked;
