package dev.genesysvault.observe;

/** What a scrape is answered with. */
@FunctionalInterface
interface MetricsText {
  /**
   * Returns all metrics as they are now, or as they were a moment ago.
   *
   * @param accept the header that says which form is wanted; empty for none
   */
  Page page(String accept);

  /** One answer: its bytes belong to whoever got it, to read. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Page(String contentType, byte[] body) {}
}
