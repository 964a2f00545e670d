package dev.genesysvault.rotation;

import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Generation;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of the clients before: the switch, the grace, their end, and its watch. */
final class Ending {
  private static final Duration SHORTEST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofHours(1);

  /** Genesys may keep a deactivated client of more than 30 days for a week before it goes. */
  private static final Duration GENESYS_OWN_REST = Duration.ofDays(8);

  private final StaticCredentials credentials;
  private final RotationParts parts;
  private final Retirement retirement;
  private final RotationReports reports;

  Ending(StaticCredentials credentials, RotationParts parts, RotationReports reports) {
    this.credentials = credentials;
    this.parts = parts;
    this.retirement = parts.retirement(credentials);
    this.reports = reports;
  }

  /** Returns the credential once readers get the next client. */
  StaticCredential switched(
      StaticCredential before,
      Generation next,
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
    var history = new ArrayList<>(before.history());
    history.add(
        new PastRotation(reason.word(), former == null ? null : former.clientId(), id, now, null));
    return before.with(draft -> {
      draft.phase = former == null ? Phase.IDLE : Phase.GRACE;
      draft.current = next;
      draft.previous = former == null ? null : former.withoutSecret();
      draft.next = null;
      draft.lastRotation = now;
      draft.nextRotation = schedule.nextAfter(now);
      draft.graceEnd = former == null ? null : graceEnd(before, role, reason, now);
      draft.run = former == null ? null : run;
      draft.original = null;
      draft.readUntil = null;
      draft.history = history;
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

  /** Tells that readers get another client. */
  void report(String role, StaticCredential switched) throws InterruptedException {
    var last = switched.history().getLast();
    reports.rotated(role, last.reason(), last.from(), last.to());
  }

  /**
   * Returns how long the previous client has to live in a session that did not see the switch:
   * while none was open, nobody could read, so readers get their time again.
   */
  Duration graceLeft(StaticCredential credential, StaticRole role, Instant now) {
    var run = credential.run();
    if (run != null && run.reason() == Reason.EMERGENCY) {
      return Duration.ZERO;
    }
    var half = role.timing().grace().dividedBy(2);
    var left = Duration.between(now, latest(now, credential.graceEnd()));
    return left.compareTo(half) > 0 ? left : half;
  }

  /** Returns the credential without those former clients that are gone. */
  StaticCredential settle(String role, StaticCredential credential) throws InterruptedException {
    var settled = credential;
    for (var retired : credential.retired()) {
      if (credentials.records().get(retired.key()).isEmpty()) {
        reports.decommissioned(role, retired.clientId());
        settled =
            settled.with(draft -> {
              draft.retired =
                  draft.retired.stream().filter(other -> !other.equals(retired)).toList();
              draft.history =
                  Retirement.ended(draft.history, retired.clientId(), parts.time().now());
            });
      }
    }
    return settled;
  }

  /** Returns when to look again whether the former clients are gone; empty where there are none. */
  Optional<Instant> nextLook(StaticCredential credential, Instant now) {
    return credential.retired().stream()
        .map(retired -> now.plus(look(Duration.between(retired.retired(), now))))
        .min(Instant::compareTo);
  }

  private static Duration look(Duration waited) {
    var half = waited.dividedBy(2);
    if (half.compareTo(SHORTEST_LOOK) < 0) {
      return SHORTEST_LOOK;
    }
    return half.compareTo(LONGEST_LOOK) < 0 ? half : LONGEST_LOOK;
  }

  /** Reports, once a session, what should have reached its end by now. */
  void watch(RotationItem item, StaticCredential credential, StaticRole role)
      throws InterruptedException {
    var what = overdue(credential, role);
    if (what.isPresent() && !item.overdueReported) {
      reports.overdue(item.name, what.get());
    }
    item.overdueReported = what.isPresent();
  }

  private Optional<String> overdue(StaticCredential credential, StaticRole role)
      throws InterruptedException {
    var now = parts.time().now();
    var run = credential.run();
    var due = credential.nextRotation();
    if (run == null && due != null && now.isAfter(parts.finishBy(due, role))) {
      return Optional.of("the rotation of %s has not begun".formatted(due));
    }
    if (run != null && now.isAfter(run.finishBy())) {
      return Optional.of(
          "the rotation of %s should have ended by %s and is in phase %s"
              .formatted(run.asked(), run.finishBy(), credential.phase().word()));
    }
    for (var retired : credential.retired()) {
      if (now.isAfter(retired.finishBy())) {
        var record = credentials.records().get(retired.key());
        boolean resting =
            record.map(ClientRecord::deactivated).isPresent()
                && now.isBefore(retired.finishBy().plus(GENESYS_OWN_REST));
        if (record.isPresent() && !resting) {
          return Optional.of(
              "the former client %s should have been decommissioned by %s: %s"
                  .formatted(retired.clientId(), retired.finishBy(), record.get().lastError()));
        }
      }
    }
    return Optional.empty();
  }

  /** Ends the clients of a role that is being deleted, as far as it is to, and forgets it. */
  Next delete(String name, StaticCredential credential, Optional<StaticRole> role)
      throws InterruptedException {
    var next = credential.next();
    if (next != null) {
      retirement.retire(name, next, credential);
    }
    var previous = credential.previous();
    if (previous != null && !previous.kept() && credential.graceEnd() != null) {
      retirement.retire(name, previous, credential);
    }
    var current = credential.current();
    boolean decommissions = role.map(StaticRole::decommissionsOnDelete).orElse(false);
    if (current != null && decommissions && !current.imported()) {
      retirement.retire(name, current, credential);
    }
    credentials.remove(name);
    return new Next.Gone();
  }

  /** A credential whose role was never written is forgotten, unless it has clients. */
  Next withoutRole(String name, StaticCredential credential) throws InterruptedException {
    if (credential.current() == null && credential.next() == null) {
      credentials.remove(name);
      return new Next.Gone();
    }
    return new Next.Failed(
        "static-roles/%s is missing in storage: write it again, or delete it".formatted(name),
        LONGEST_LOOK);
  }
}
