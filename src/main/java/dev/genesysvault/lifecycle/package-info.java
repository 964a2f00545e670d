/**
 * The rules of a client's life: how one is issued, renewed and decommissioned so that none is ever
 * without an owner. What it needs of Genesys stands here as ports; {@code genesys} answers them.
 */
@NullMarked
package dev.genesysvault.lifecycle;

import org.jspecify.annotations.NullMarked;
