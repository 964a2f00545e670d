package dev.genesysvault.testing;

import com.google.protobuf.TextFormat;
import dev.genesysvault.proto.v1.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What releases consisted of, as it was kept when each of them was made. */
public final class ReleasedForms {
  /** A folder for each release: its contract and its descriptor. */
  public static final Path CONTRACTS = Path.of("src/test/golden/contract");

  /** A folder for each release, and {@code current}: a file of every document. */
  public static final Path DOCUMENTS = Path.of("src/test/golden/storage");

  /** A folder for each release, with the descriptor that the sidecar brings along. */
  public static final Path SERVED = Path.of("proto/genesysvault/v1/released");

  private ReleasedForms() {}

  /** Returns the releases, by their tags. */
  public static List<String> releases() throws IOException {
    return folders(CONTRACTS);
  }

  /** Returns the names of the folders in a folder, in order. */
  public static List<String> folders(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .sorted()
          .toList();
    }
  }

  /** Returns the bytes of the descriptor that a release's plugin embeds. */
  public static byte[] descriptor(String release) throws IOException {
    return Files.readAllBytes(CONTRACTS.resolve(release).resolve("engine.textproto"));
  }

  /** Returns the descriptor that a release's plugin embeds. */
  public static Engine engine(String release) throws IOException {
    return TextFormat.parse(
        Files.readString(CONTRACTS.resolve(release).resolve("engine.textproto")), Engine.class);
  }
}
