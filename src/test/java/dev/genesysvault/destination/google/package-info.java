/** Tests of destinations in Google Secret Manager, against a played one. */
@NullMarked
package dev.genesysvault.destination.google;

import org.jspecify.annotations.NullMarked;
