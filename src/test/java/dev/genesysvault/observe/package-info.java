@NullMarked
package dev.genesysvault.observe;

import org.jspecify.annotations.NullMarked;
