package dev.genesysvault.grpc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of the Unix socket: cleared before the bind, opened to the group, removed at the end.
 */
final class SocketFile {
  /** What the kernel's address has room for. */
  private static final int LONGEST_PATH_BYTES = 107;

  private final Path path;
  private @Nullable Object bound;

  SocketFile(Path path) {
    this.path = path;
  }

  /**
   * Makes room for the socket: one that nobody listens on any more is removed.
   *
   * @throws IOException if the place cannot be used; its message says why and what to do
   */
  void clear() throws IOException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH_BYTES) {
      throw new IOException(
          "socket path %s has %d bytes; at most %d are allowed: choose a shorter one"
              .formatted(path, bytes, LONGEST_PATH_BYTES));
    }
    var parent = path.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("directory %s of the socket does not exist: make it".formatted(parent));
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket()) {
      throw new IOException("%s exists and is no socket: choose another path".formatted(path));
    }
    if (answers()) {
      throw new IOException("another process listens on %s: stop it first".formatted(path));
    }
    Files.deleteIfExists(path);
  }

  /** Lets owner and group connect, nobody else. */
  void open() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    bound = attributes().fileKey();
  }

  /** Removes the file, unless a successor has put its own in its place. */
  void remove() throws IOException {
    if (bound != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && bound.equals(attributes().fileKey())) {
      Files.deleteIfExists(path);
    }
  }

  private boolean isSocket() throws IOException {
    return attributes().isOther();
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private boolean answers() {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }
}
