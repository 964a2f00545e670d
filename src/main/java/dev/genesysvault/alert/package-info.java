/**
 * Alarms on their way to people: what waits for which receiver, kept in the mount's storage until
 * that receiver has confirmed it, and the port to receivers of any kind.
 */
@NullMarked
package dev.genesysvault.alert;

import org.jspecify.annotations.NullMarked;
