package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.Delays;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down that somebody wants a rotation now; the background session does it. */
public final class RotationRequests {
  private final RotationParts parts;

  /** Makes the rules, for all mounts. */
  public RotationRequests(Time time, Randomness randomness, Delays delays) {
    this.parts = new RotationParts(time, randomness, delays);
  }

  /**
   * What somebody wants.
   *
   * @param force whether a former client in its grace is retired first
   * @param emergency whether the present client gets no grace
   * @param allowsOutage whether the present client goes even when no successor can be made
   * @param requestId the same one never rotates twice, as far as the history goes; empty for none
   * @param asker who wants it
   */
  public record Wish(
      boolean force, boolean emergency, boolean allowsOutage, String requestId, Asker asker) {}

  /** What came of it. */
  public sealed interface Answer {
    /** There is no such static role. */
    record Unknown() implements Answer {}

    /**
     * The former client is still in its grace; nothing was written.
     *
     * @param end of the grace, and of the wait for calls to cease
     */
    record InGrace(@Nullable ClientId previous, Instant end) implements Answer {}

    /** That very wish was fulfilled before, by this rotation; nothing was written. */
    record Fulfilled(PastRotation by) implements Answer {}

    /** It has no client and names none to copy. */
    record NothingToCopy() implements Answer {}

    /**
     * The rotation is written down, or was already under way.
     *
     * @param before the client that readers got then; null for none
     */
    record Asked(@Nullable StaticClient before) implements Answer {}
  }

  /** Asks for a rotation; joins one that is under way. */
  public Answer ask(String name, Wish wish, StaticRoleStore credentials)
      throws InterruptedException {
    try (var _ = credentials.lock(name)) {
      var role = credentials.role(name);
      var stored = credentials.get(name);
      if (role.isEmpty() || stored.isEmpty() || stored.get().phase() == Phase.DELETING) {
        return new Answer.Unknown();
      }
      var credential = stored.get();
      if (role.get().copies() && new Successor(role.get(), credential).original().isEmpty()) {
        return new Answer.NothingToCopy();
      }
      var fulfilled = fulfilled(wish, credential);
      if (fulfilled.isPresent()) {
        return new Answer.Fulfilled(fulfilled.get());
      }
      var end = credential.graceEnd();
      if (credential.phase() == Phase.GRACE && end != null) {
        if (!wish.force() && !wish.emergency()) {
          var previous = credential.previous();
          var latest = end.plus(role.get().timing().usageWait());
          return new Answer.InGrace(previous == null ? null : previous.clientId(), latest);
        }
        credential =
            parts
                .handOver(credentials)
                .retirePrevious(name, credential, wish.emergency(), parts.time().now());
      }
      var asked = run(wish, credential, role.get()).askedAs(wish.requestId()).askedBy(wish.asker());
      credentials.put(name, credential.with(draft -> draft.run = asked));
      return new Answer.Asked(credential.current());
    }
  }

  /** A rotation with a grace is no answer to whoever has heard of a leak since. */
  private static Optional<PastRotation> fulfilled(Wish wish, StaticCredential credential) {
    return credential.history().stream()
        .filter(past -> past.requests().contains(wish.requestId()))
        .filter(past -> !wish.emergency() || past.reason().equals(Reason.EMERGENCY.word()))
        .findFirst();
  }

  /** Returns a rotation that somebody wants now. */
  public RotationRun byHand(StaticRole role, Asker asker) {
    var now = parts.time().now();
    return new RotationRun(Reason.MANUAL, false, now, parts.finishBy(now, role)).askedBy(asker);
  }

  /**
   * Gives up a successor that is not handed out yet, since its role says otherwise now: the
   * rotation under way makes another one. One that a destination may hold stays: what the role says
   * comes with the rotation after it. The role's lock is held.
   */
  public StaticCredential withoutNext(
      String name, StaticCredential credential, StaticRoleStore credentials)
      throws InterruptedException {
    var next = credential.next();
    if (next == null || credential.phase() == Phase.DELETING || Deliveries.sentNext(credential)) {
      return credential;
    }
    parts.handOver(credentials).retire(name, next, credential);
    return credential.with(draft -> {
      draft.phase = Phase.IDLE;
      draft.next = null;
    });
  }

  /**
   * A rotation under way becomes an emergency where somebody says so, and never less than it was.
   */
  private RotationRun run(Wish wish, StaticCredential credential, StaticRole role) {
    var present = credential.run();
    var now = parts.time().now();
    if (present == null) {
      var reason = wish.emergency() ? Reason.EMERGENCY : Reason.MANUAL;
      return new RotationRun(reason, wish.allowsOutage(), now, parts.finishBy(now, role));
    }
    if (wish.emergency()) {
      return present.as(Reason.EMERGENCY, present.allowsOutage() || wish.allowsOutage());
    }
    // A window holds for what is scheduled alone, and now somebody wants it.
    return present.reason() == Reason.SCHEDULED ? present.as(Reason.MANUAL, false) : present;
  }
}
