/**
 * What people are told of a mount without having asked: the one list of alarms, what each means and
 * what to do. Knows nothing of how an alarm is noticed, nor of how it is told.
 */
@NullMarked
package dev.genesysvault.alarm;

import org.jspecify.annotations.NullMarked;
