package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Instant;
import java.util.Optional;

/**
 * What a {@link ClientQueue} shows of one client.
 *
 * @param state as its record says
 * @param clientId empty until Genesys' answer is known
 * @param created when it was announced
 * @param step what is done with it next
 * @param due when that is done
 * @param attempts how often that failed so far
 * @param lastError what was met last; empty for nothing
 * @param unwanted whether nobody wants it any more, whatever its record says
 * @param takenBack whether that is so since its issue failed, so that nobody has got it
 * @param deactivated by when Genesys was first seen to have deactivated it; empty while it was not
 * @param urgent whether it leaked, so that its end comes before every other
 */
public record ClientSnapshot(
    ClientKey key,
    State state,
    String role,
    Optional<ClientId> clientId,
    Instant created,
    Step step,
    Instant due,
    int attempts,
    String lastError,
    boolean unwanted,
    boolean takenBack,
    Optional<Instant> deactivated,
    boolean urgent) {
  /** Whether it is to go and nobody has seen it deactivated. */
  public boolean mayLogIn() {
    return leaving() && step != Step.DELETE;
  }

  /** Whether it is to go and has not gone yet. */
  public boolean leaving() {
    return state == State.RETIRING || state == State.STUCK;
  }
}
