/**
 * The words of the field: ids, names, secrets, role and division pairs, and what came of a call to
 * Genesys. Knows the JDK alone; every other room may come in.
 */
@NullMarked
package dev.genesysvault.domain;

import org.jspecify.annotations.NullMarked;
