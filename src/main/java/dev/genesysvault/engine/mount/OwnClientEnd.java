package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When Genesys deletes the client that a mount logs in with, where it says so. */
final class OwnClientEnd {
  /** Two weeks are enough to write config with another one, holidays and absences included. */
  static final Duration NEAR = Duration.ofDays(14);

  private OwnClientEnd() {}

  /**
   * Looks whether it is near.
   *
   * @param known what Genesys said of the client; empty where it was not asked yet
   */
  static void look(Optional<TokenOwner> known, AlarmLook.Builder look, Instant now) {
    if (known.isEmpty()) {
      look.unknown(AlarmKind.OWN_CREDENTIAL_ENDING);
      return;
    }
    known
        .get()
        .end()
        .filter(end -> Duration.between(now, end).compareTo(NEAR) <= 0)
        .ifPresent(end ->
            look.stands(
                AlarmKind.OWN_CREDENTIAL_ENDING,
                end.minus(NEAR),
                "Genesys deletes it at " + end.truncatedTo(ChronoUnit.SECONDS)));
  }
}
