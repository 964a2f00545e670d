package dev.genesysvault.upkeep;

import dev.genesysvault.resilience.Time;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who acts for a mount in a background session, asked for again when that may have changed. */
public final class CachedActor {
  /** A configuration that was written elsewhere is used after this long. */
  private static final Duration LASTS = Duration.ofSeconds(10);

  private final ClientUpkeep.Actors actors;
  private final Time time;
  private @Nullable ActorState known;
  private Instant asked = Instant.MIN;
  private long generation;

  /** Makes one that has not asked yet. Not for many tasks. */
  public CachedActor(ClientUpkeep.Actors actors, Time time) {
    this.actors = actors;
    this.time = time;
  }

  /** Returns who acts, or why nobody can. */
  public ActorState get() throws InterruptedException {
    var now = time.now();
    var present = known;
    long written = actors.generation();
    if (present != null && written == generation && now.isBefore(asked.plus(LASTS))) {
      return present;
    }
    known = null;
    generation = written;
    var current = actors.current();
    if (current instanceof ActorState.Ready) {
      known = current;
      asked = now;
    }
    return current;
  }
}
