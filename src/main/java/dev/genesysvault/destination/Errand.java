package dev.genesysvault.destination;

import dev.genesysvault.resilience.Deadline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * What a destination is asked with.
 *
 * @param id the same whenever the same thing is asked for once more, after a crash, too; another
 *     one for another thing
 * @param deadline by which it returns
 * @param own the way to the mount's own organisation, for kinds that lie there; others do not take
 *     it
 */
public record Errand(UUID id, Deadline deadline, OwnOrganization.Way own) {
  /** Returns the id of what these texts tell apart from everything else. */
  public static UUID id(String... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
      }
      var hash = ByteBuffer.wrap(digest.digest());
      return new UUID(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
