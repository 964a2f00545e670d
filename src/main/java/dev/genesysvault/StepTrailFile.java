package dev.genesysvault;

import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.StepTrail.Suspect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process opens at its start: the file beside the socket whose mapped memory a {@link
 * StepTrail} outlives the process in, however that ends; it need not outlive the machine. A clean
 * end removes it.
 */
final class StepTrailFile {
  private static final Logger LOG = LoggerFactory.getLogger(StepTrailFile.class);
  private static final int MOST_TOLD = 20;

  private final Path path;

  /** Holds the lock for as long as the process lives; null where the file is not used. */
  private @Nullable FileChannel channel;

  /**
   * Finds the place.
   *
   * @param socket whose directory exists
   */
  StepTrailFile(Path socket) {
    this.path = socket.resolveSibling(socket.getFileName() + ".steps");
  }

  /** Maps it; where that cannot be done, the process goes on with a memory of its own. */
  ByteBuffer open() {
    try {
      return map();
    } catch (IOException | UnsupportedOperationException | OverlappingFileLockException e) {
      LOG.atWarn()
          .addKeyValue("file", path)
          .addKeyValue("reason", String.valueOf(e))
          .log("a step that ends the process will not be known at the next start");
      return ByteBuffer.allocate(StepTrail.BYTES);
    }
  }

  private ByteBuffer map() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it exists and is no file");
    }
    var opened =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      var memory = map(opened);
      channel = opened;
      return memory;
    } finally {
      if (channel == null) {
        opened.close();
      }
    }
  }

  private static ByteBuffer map(FileChannel opened) throws IOException {
    if (opened.tryLock() == null) {
      throw new IOException("another process uses it");
    }
    if (opened.size() != StepTrail.BYTES) {
      var _ = opened.truncate(0);
      // Written and not only made longer: a mapped page without a place on the disk is an error.
      var empty = ByteBuffer.allocate(StepTrail.BYTES);
      while (empty.hasRemaining()) {
        var _ = opened.write(empty);
      }
    }
    return opened.map(MapMode.READ_WRITE, 0, StepTrail.BYTES);
  }

  /** Tells what the process before has left. */
  static void tell(List<Suspect> suspects) {
    for (var suspect : suspects.subList(0, Math.min(MOST_TOLD, suspects.size()))) {
      LOG.atWarn()
          .addKeyValue("mount", suspect.mount())
          .addKeyValue("step", suspect.step())
          .addKeyValue("in_a_row", suspect.deaths())
          .log("the sidecar ended in the midst of a step: it is tried later");
    }
    if (suspects.size() > MOST_TOLD) {
      LOG.atWarn()
          .addKeyValue("more", suspects.size() - MOST_TOLD)
          .log("the sidecar ended in the midst of more steps");
    }
  }

  /** Removes it: whatever was under way has come to its end. */
  void remove() throws IOException {
    if (channel != null) {
      Files.deleteIfExists(path);
      channel.close();
    }
  }
}
