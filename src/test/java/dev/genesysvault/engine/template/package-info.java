/** Tests. Fields that roles and static roles share. */
@NullMarked
package dev.genesysvault.engine.template;

import org.jspecify.annotations.NullMarked;
