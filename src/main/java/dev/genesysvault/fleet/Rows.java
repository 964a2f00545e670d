package dev.genesysvault.fleet;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A list of clients, read one after the other. */
interface Rows {
  /**
   * Returns the next one; empty at the end.
   *
   * @throws UnusableListException if the list cannot be read on from here
   */
  Optional<Row> next() throws IOException, UnusableListException;

  /** Returns the columns that were seen so far, in lower case. */
  Set<String> columns();
}
