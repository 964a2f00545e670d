/**
 * The page of the management address, for people who would rather look than read: what stands in
 * alarm, clients over the last day, the calendar of rotations, budgets, and what waits where. One
 * document that asks for one other, from memory alone; nothing can be changed by it.
 */
@NullMarked
package dev.genesysvault.page;

import org.jspecify.annotations.NullMarked;
