package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of one line, {@code user:password} in UTF-8, at most 4 kB. It is read each time that it is
 * asked for, since it is small and may be replaced at any time; while it cannot be read, the last
 * log-in that was in it goes on.
 */
public final class ProxyCredentialsFile implements Supplier<Optional<ProxyLogIn>> {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyCredentialsFile.class);
  private static final int LARGEST = 4 * 1024;

  private final Path path;
  private volatile ProxyLogIn last;
  private volatile String toldOf = "";

  private ProxyCredentialsFile(Path path, ProxyLogIn first) {
    this.path = path;
    this.last = first;
  }

  /**
   * Reads it for the first time.
   *
   * @throws IOException if it holds no log-in; the message names it, what is wrong and what to do,
   *     and quotes nothing of it
   */
  public static ProxyCredentialsFile open(Path path) throws IOException {
    return new ProxyCredentialsFile(path, read(path));
  }

  private static ProxyLogIn read(Path path) throws IOException {
    try {
      var bytes = SmallFile.read(path, LARGEST);
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return ProxyLogIn.parse(Texts.withoutTrailing(text, c -> c == '\n' || c == '\r'));
    } catch (CharacterCodingException _) {
      throw wrong(path, "it is not UTF-8");
    } catch (IllegalArgumentException | IOException e) {
      throw wrong(path, String.valueOf(e.getMessage()));
    }
  }

  private static IOException wrong(Path path, String what) {
    return new IOException(
        "--proxy-credentials-file is \"%s\": %s; it must be a file of one line, user:password in UTF-8, of at most 4 kB, that the sidecar's user may read"
            .formatted(path, what));
  }

  /** Returns what is in it now, else what was in it last. */
  @Override
  public Optional<ProxyLogIn> get() {
    try {
      last = read(path);
      toldOf = "";
    } catch (IOException e) {
      var reason = String.valueOf(e.getMessage());
      if (!toldOf.equals(reason)) {
        toldOf = reason;
        LOG.atWarn()
            .addKeyValue("reason", reason)
            .log("the log-in for the proxy cannot be read again: the last one is used");
      }
    }
    return Optional.of(last);
  }
}
