/**
 * Time, tasks, locks and chance behind doors, and what is built on them: deadlines, backoff, the
 * request budget, single flight. Knows no HTTP and no Genesys. Whatever waits, waits here, so that
 * a simulation can put its own doors in.
 */
@NullMarked
package dev.genesysvault.resilience;

import org.jspecify.annotations.NullMarked;
