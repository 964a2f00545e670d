/** Static roles and their credentials. */
@NullMarked
package dev.genesysvault.engine.staticroles;

import org.jspecify.annotations.NullMarked;
