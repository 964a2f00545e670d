package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.network.SmallFile;
import dev.genesysvault.resilience.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A token that somebody else keeps good, such as an agent. It is read each time, since the file is
 * small and may be replaced at any time.
 */
final class FileToken implements Tokens {
  private static final int LARGEST = 4 * 1024;

  private final Path path;
  private final String place;

  /**
   * Makes one.
   *
   * @param place where the token is used, for people
   */
  FileToken(Path path, String place) {
    this.path = path;
    this.place = place;
  }

  @Override
  public Secret present(Deadline deadline) throws NotDoneException {
    try {
      // What is no ASCII becomes what no token has.
      var text = new String(SmallFile.read(path, LARGEST), StandardCharsets.US_ASCII).strip();
      if (Texts.consistsOf(text, 1, LARGEST, c -> c > ' ' && c <= '~')) {
        return Secret.of(text);
      }
      throw unusable(
          text.isEmpty() ? "it is empty" : "it holds more than one word, or other than ASCII");
    } catch (IOException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private NotDoneException unusable(String why) {
    var text =
        "token_file for %s is \"%s\": %s; must be a file of one token, of at most 4 kB, that the sidecar's user may read"
            .formatted(place, path, why);
    return new NotDoneException(
        new DestinationFailure(Trouble.of(text), Extent.DESTINATION, Duration.ZERO));
  }

  @Override
  public Optional<Secret> instead(Secret refused, Deadline deadline) throws NotDoneException {
    return Optional.of(present(deadline)).filter(now -> !now.sameAs(refused));
  }

  @Override
  public String tried(Deadline deadline) throws NotDoneException {
    present(deadline);
    return "token_file \"%s\" holds a token".formatted(path);
  }

  @Override
  public boolean proven() {
    return false;
  }

  @Override
  public String owner() {
    return "the token in token_file (if it has not ended or been revoked)";
  }
}
