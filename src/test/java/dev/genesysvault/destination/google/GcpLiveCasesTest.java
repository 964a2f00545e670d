package dev.genesysvault.destination.google;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The cases with Google itself, where the environment names a project for that. */
@Tag("live")
@EnabledIfEnvironmentVariable(named = SomeGoogle.PROJECT, matches = ".+")
@EnabledIfEnvironmentVariable(named = SomeGoogle.PREFIX, matches = ".+")
final class GcpLiveCasesTest extends GcpCases {
  GcpLiveCasesTest() {
    super(SomeGoogle.live());
  }
}
