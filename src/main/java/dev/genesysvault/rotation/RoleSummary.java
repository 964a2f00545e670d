package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an overview shows of a static credential, without its secrets.
 *
 * @param clientId of the present client; empty for none
 */
public record RoleSummary(
    Phase phase, String clientId, @Nullable Instant lastRotation, @Nullable Instant nextRotation) {
  static final RoleSummary UNKNOWN = new RoleSummary(Phase.IDLE, "", null, null);

  static RoleSummary of(StaticCredential credential) {
    return new RoleSummary(
        credential.phase(),
        Optional.ofNullable(credential.current())
            .map(generation -> generation.clientId())
            .map(ClientId::value)
            .orElse(""),
        credential.lastRotation(),
        credential.nextRotation());
  }
}
