package dev.genesysvault.rotation;

import dev.genesysvault.rotation.DeliverySteps.Progress;
import dev.genesysvault.rotation.RoleSnapshot.Check;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RetiredClient;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upkeep.CachedActor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a static role's former clients: the switch, the grace, their end, and its watch.
 */
final class FormerClients {
  private static final Duration SHORTEST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofHours(1);

  private final StaticRoleStore credentials;
  private final RotationParts parts;
  private final HandOver handOver;
  private final RotationReports reports;
  private final Releasing releasing;
  private final DeliverySteps deliveries;
  private final RotationHistory history;

  FormerClients(
      StaticRoleStore credentials,
      CachedActor present,
      RotationParts parts,
      RotationReports reports,
      DeliverySteps deliveries,
      RotationHistory history) {
    this.credentials = credentials;
    this.parts = parts;
    this.handOver = parts.handOver(credentials);
    this.reports = reports;
    this.deliveries = deliveries;
    this.history = history;
    this.releasing = new Releasing(credentials, present, parts, reports);
  }

  /** Returns the credential once readers get the next client. */
  StaticCredential switched(
      RotationItem item,
      StaticCredential before,
      StaticClient next,
      StaticRole role,
      RotationSchedule schedule,
      Instant now) {
    var former = before.current();
    var run = before.run();
    var reason = run == null ? Reason.SCHEDULED : run.reason();
    var id = next.clientId();
    if (id == null) {
      throw new IllegalStateException("a client without an id cannot become current");
    }
    var graceEnd = former == null ? null : graceEnd(before, role, reason, now);
    // Readers of a longer grace may have made this one longer than it was planned.
    var planned = now.plus(role.timing().grace());
    var extra =
        graceEnd != null && graceEnd.isAfter(planned)
            ? Duration.between(planned, graceEnd)
            : Duration.ZERO;
    var past = new ArrayList<>(before.history().stream().map(PastRotation::older).toList());
    past.add(
        new PastRotation(
            reason.word(),
            former == null ? null : former.clientId(),
            id,
            now,
            item.checks.stream().map(Check::text).toList(),
            run == null ? List.of() : run.requests(),
            run == null ? null : history.account(before, run, item, now)));
    return before.with(draft -> {
      draft.phase = former == null ? Phase.IDLE : Phase.GRACE;
      draft.current = next;
      draft.previous = former == null ? null : former.withoutSecret();
      draft.next = null;
      draft.lastRotation = now;
      draft.nextRotation = schedule.nextAfter(now);
      draft.graceEnd = graceEnd;
      draft.run = former == null || run == null ? null : run.longerBy(extra);
      draft.original = null;
      draft.readUntil = null;
      draft.history = past;
    });
  }

  private static Instant graceEnd(
      StaticCredential before, StaticRole role, Reason reason, Instant now) {
    if (reason == Reason.EMERGENCY) {
      return now;
    }
    return latest(now.plus(role.timing().grace()), before.readUntil());
  }

  private static Instant latest(Instant one, @Nullable Instant other) {
    return other != null && other.isAfter(one) ? other : one;
  }

  /** Tells that readers get another client, and who reads the former one elsewhere. */
  void report(String role, StaticCredential switched) throws InterruptedException {
    var last = switched.history().getLast();
    reports.rotated(role, last.reason(), last.from(), last.to());
    if (last.reason().equals(Reason.EMERGENCY.word()) && last.from() != null) {
      for (var place : Deliveries.behind(switched)) {
        reports.leaked(role, last.from(), place);
      }
    }
  }

  /** Tells who may read the present client elsewhere, which goes although there is no other. */
  void reportLeaked(String role, StaticCredential before) throws InterruptedException {
    var current = before.current();
    if (current != null && current.clientId() != null) {
      for (var delivery : before.deliveries()) {
        if (current.key().equals(delivery.client())) {
          reports.leaked(role, current.clientId(), Deliveries.place(delivery));
        }
      }
    }
  }

  /**
   * Returns how long the previous client has to live in a session that did not see the switch:
   * while none was open, nobody could read, so readers get their time again. Never longer than its
   * whole grace, whatever the clock said at the switch.
   */
  Duration graceLeft(StaticCredential credential, Instant now) {
    var end = credential.graceEnd();
    var switched = credential.lastRotation();
    if (credential.emergency() || end == null || switched == null) {
      return Duration.ZERO;
    }
    // Of the grace that it was given: the role's may have been made shorter since.
    var whole = Duration.between(switched, end);
    var half = whole.dividedBy(2);
    var left = Duration.between(now, end);
    if (left.compareTo(half) < 0) {
      return half;
    }
    return left.compareTo(whole) < 0 ? left : whole;
  }

  /** Returns those former clients that are gone. */
  List<RetiredClient> gone(StaticCredential credential) throws InterruptedException {
    var gone = new ArrayList<RetiredClient>();
    for (var retired : credential.retired()) {
      if (!credentials.records().exists(retired.key())) {
        gone.add(retired);
      }
    }
    return gone;
  }

  /** Returns the credential once former clients are gone. */
  StaticCredential without(List<RetiredClient> gone, StaticCredential credential) {
    var now = parts.time().now();
    return credential.with(draft -> {
      draft.retired = draft.retired.stream().filter(retired -> !gone.contains(retired)).toList();
      for (var former : gone) {
        draft.history = HandOver.ended(draft.history, former.clientId(), now);
      }
    });
  }

  /** Tells that former clients are gone. */
  void report(String role, List<RetiredClient> gone) throws InterruptedException {
    for (var former : gone) {
      reports.decommissioned(role, former.clientId());
    }
  }

  /** Lets clients go where a step had nothing else to do, and returns when to look again. */
  StepResult after(StepResult next, RotationItem item, StaticCredential credential, Instant now)
      throws InterruptedException {
    boolean idle = next instanceof StepResult.Idle;
    var due = next instanceof StepResult.At(var at) ? at : Instant.MAX;
    if (!idle && !(next instanceof StepResult.At && due.isAfter(now))) {
      return next;
    }
    var released = releasing.step(item, credential, now);
    if (released.isPresent()) {
      return released.get();
    }
    var looks = Stream.of(nextLook(credential, now), Releasing.next(credential));
    var earliest = looks.flatMap(Optional::stream).filter(due::isAfter).min(Instant::compareTo);
    return earliest.<StepResult>map(StepResult.At::new).orElse(next);
  }

  /** Returns when to look again whether the former clients are gone; empty where there are none. */
  Optional<Instant> nextLook(StaticCredential credential, Instant now) {
    return credential.retired().stream()
        .map(retired -> now.plus(look(Duration.between(retired.retired(), now).abs())))
        .min(Instant::compareTo);
  }

  private static Duration look(Duration waited) {
    var half = waited.dividedBy(2);
    if (half.compareTo(SHORTEST_LOOK) < 0) {
      return SHORTEST_LOOK;
    }
    return half.compareTo(LONGEST_LOOK) < 0 ? half : LONGEST_LOOK;
  }

  /**
   * Ends the clients of a role that is being deleted, as far as it is to, lets the others go, takes
   * away what is to go from destinations, and forgets it.
   *
   * @param hastily whether nothing is to wait for a destination, since the mount is drained
   */
  StepResult delete(
      RotationItem item, StaticCredential credential, Optional<StaticRole> role, boolean hastily)
      throws InterruptedException {
    var name = item.name;
    var now = parts.time().now();
    history.tellDeleted(name, credential);
    var left = credential;
    var next = credential.next();
    if (next != null) {
      handOver.retire(name, next, credential);
    }
    var previous = credential.previous();
    if (previous != null && !previous.kept() && credential.graceEnd() != null) {
      handOver.retire(name, previous, credential);
    } else if (previous != null && previous.kept()) {
      history.tellLetGo(name, previous, credential);
      left = letGo(previous, left, now);
    }
    var current = credential.current();
    if (current != null && ends(current, role)) {
      handOver.retire(name, current, credential);
    } else if (current != null) {
      history.tellLetGo(name, current, credential);
      left = letGo(current, left, now);
    }
    history.tellLast(item, credential);
    if (left.releases().isEmpty() && left.deliveries().isEmpty()) {
      credentials.remove(name);
      return new StepResult.Gone();
    }
    if (!left.generations().isEmpty()) {
      left =
          left.with(draft -> {
            draft.current = null;
            draft.previous = null;
            draft.next = null;
          });
      credentials.write(name, left);
    }
    var released = releasing.step(item, left, now);
    return released.isPresent() ? released.get() : rest(item, left, hastily, now);
  }

  private StepResult rest(RotationItem item, StaticCredential left, boolean hastily, Instant now)
      throws InterruptedException {
    var release = Releasing.next(left).orElse(Instant.MAX);
    return switch (deliveries.leave(item, left, hastily)) {
      case Progress.Tried _ -> StepResult.soon();
      case Progress.Nothing _ -> new StepResult.At(release.equals(Instant.MAX) ? now : release);
      case Progress.Waits(var _, var until) when until.isAfter(release) ->
          new StepResult.At(release);
      case Progress.Waits(var why, var until) ->
          new StepResult.Failed(why, Duration.between(now, until));
    };
  }

  /** Where nobody knows any more what the role said, a record shows that its client has to go. */
  private boolean ends(StaticClient current, Optional<StaticRole> role)
      throws InterruptedException {
    return StaticRole.onDelete(role).ends(current)
        || (role.isEmpty() && credentials.records().exists(current.key()));
  }

  private static StaticCredential letGo(
      StaticClient generation, StaticCredential credential, Instant now) {
    var id = generation.clientId();
    return id == null ? credential : credential.releasing(HandOver.release(generation, id, now));
  }

  /** A credential whose role was never written is forgotten, unless it has clients. */
  StepResult withoutRole(RotationItem item, StaticCredential credential)
      throws InterruptedException {
    var name = item.name;
    if (credential.current() == null && credential.next() == null) {
      history.tellLast(item, credential);
      credentials.remove(name);
      return new StepResult.Gone();
    }
    return new StepResult.Failed(
        "static-roles/%s is missing in storage: write it again, or delete it".formatted(name),
        LONGEST_LOOK);
  }
}
