/** {@code alerts/}: who is told of a mount's alarms, and whether they can be. */
@NullMarked
package dev.genesysvault.engine.alerts;

import org.jspecify.annotations.NullMarked;
