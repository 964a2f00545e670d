/** What a mount is: configuration, connections, sessions, status, drain, rollback. */
@NullMarked
package dev.genesysvault.engine.mount;

import org.jspecify.annotations.NullMarked;
