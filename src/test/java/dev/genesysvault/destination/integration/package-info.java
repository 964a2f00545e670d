@NullMarked
package dev.genesysvault.destination.integration;

import org.jspecify.annotations.NullMarked;
