/** Tests of the Platform API's adapter, over a scripted network and over a simulated Genesys. */
@NullMarked
package dev.genesysvault.genesys;

import org.jspecify.annotations.NullMarked;
