package dev.genesysvault.rotation;

import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.DeliveryAttempts.Purpose;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.upkeep.CachedActor;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import java.time.Duration;
import java.util.UUID;

/** What destinations are asked with in a session. */
final class Errands {
  /**
   * How long one destination may take before the next role gets its turn. Whoever asks for an
   * emergency waits for the role's lock as long.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long a call waits for its turn at Genesys: the role is locked meanwhile. */
  private static final Duration TURN = Duration.ofSeconds(3);

  private final CachedActor present;
  private final Time time;

  Errands(CachedActor present, Time time) {
    this.present = present;
    this.time = time;
  }

  /**
   * Returns one that begins now, and asks Genesys in that lane.
   *
   * @param what is to be done
   * @param about what is stored of the entry
   */
  Errand begun(Lane lane, Purpose what, Delivery about) {
    var deadline = Deadline.in(PATIENCE, time);
    var context = new CallContext(lane, deadline).turnWithin(TURN);
    return new Errand(
        id(what, about),
        deadline,
        () ->
            switch (present.get()) {
              case ActorState.NotReady(var why) -> new Found.Not(why);
              case ActorState.Ready(var actor) ->
                  new Found.Reached(
                      new MountOrganization(actor.genesys(), actor.endpoint(), context));
            });
  }

  /**
   * What is stored of an entry is stored before it is sent to: who comes after a crash reads it.
   */
  private static UUID id(Purpose what, Delivery about) {
    return Errand.id(
        what.name(),
        about.destination(),
        about.entry(),
        String.valueOf(about.client()),
        about.revision(),
        about.at().toString());
  }
}
