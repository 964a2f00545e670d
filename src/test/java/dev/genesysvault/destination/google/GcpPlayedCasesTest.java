package dev.genesysvault.destination.google;

/** The cases that hold with Google itself as well, with the played Secret Manager. */
final class GcpPlayedCasesTest extends GcpCases {
  GcpPlayedCasesTest() throws Exception {
    super(SomeGoogle.played());
  }
}
