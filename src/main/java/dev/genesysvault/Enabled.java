package dev.genesysvault;

import dev.genesysvault.destination.OptionalLibrary;
import dev.genesysvault.domain.Texts;
import java.io.IOException;

/** A step of the start of the process: loads the optional libraries that it is told of. */
final class Enabled {
  private static final int LONGEST_SHOWN = 100;
  private static final int MOST = 100;

  private Enabled() {}

  /**
   * Loads them.
   *
   * @param names words of {@link OptionalLibrary} with commas between; empty for none
   * @throws IOException if one of them is not there; its message says which, and what to do
   */
  static void load(String names) throws IOException {
    for (var name : Texts.split(names, ',', MOST)) {
      if (!name.isBlank()) {
        named(name.strip()).load();
      }
    }
  }

  private static OptionalLibrary named(String name) throws IOException {
    for (var library : OptionalLibrary.values()) {
      if (library.word().equals(name)) {
        if (!library.present()) {
          throw new IOException(
              "--enable names %s, whose library is not there: put the folder lib/optional/%s of the distribution in its place, or leave %s out"
                  .formatted(name, name, name));
        }
        return library;
      }
    }
    throw new IOException(
        "--enable names \"%s\"; must be of %s, with commas between"
            .formatted(
                Texts.printable(name, LONGEST_SHOWN), String.join(", ", OptionalLibrary.words())));
  }
}
