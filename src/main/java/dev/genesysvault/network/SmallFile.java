package dev.genesysvault.network;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file that an operator named, and no more of it than is allowed. */
public final class SmallFile {
  private SmallFile() {}

  /**
   * Reads it.
   *
   * @param most bytes
   * @throws IOException if that cannot be done; the message says what is wrong with the file
   */
  public static byte[] read(Path path, int most) throws IOException {
    // A pipe would never come to its end.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException("it is no file");
    }
    try (var in = Files.newInputStream(path)) {
      var bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new IOException("it has more than %,d bytes".formatted(most));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new IOException("it does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException("this process may not read it", e);
    }
  }
}
