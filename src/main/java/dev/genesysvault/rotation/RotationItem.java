package dev.genesysvault.rotation;

import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RoleSnapshot.Check;
import dev.genesysvault.rotation.RotationWatch.Overdue;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.work.Holds;
import dev.genesysvault.work.Holds.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One static role in a {@link RotationQueue}, which guards what it shares; the rest belongs to
 * whoever has taken it.
 */
final class RotationItem {
  final String name;
  RoleSummary summary = RoleSummary.UNKNOWN;

  /** Its next step, and what failed so far. */
  final RotationWork step = new RotationWork(this, false);

  /** The next look whether its rotation is overdue. */
  final RotationWork watch = new RotationWork(this, true);

  /** What keeps its present rotation from going on, and need not be told again. */
  Trouble trouble = Trouble.NONE;

  /** Whether somebody wrote to it, and nobody knows whether that is stored. */
  volatile boolean doubtful;

  boolean busy;
  boolean changed;
  long steps;

  /** What the next client has shown; replaced as a whole. */
  volatile List<Check> checks = List.of();

  /** When the next client may log in for the first time; null where nobody waits for that. */
  @Nullable Deadline propagated;

  /** By when Genesys shows the next client everywhere; null where nobody waits for that. */
  @Nullable Deadline visible;

  /** How often the next client has not shown what it shall. */
  int verifications;

  /** How many next clients in a row were taken back, since they were not what they shall be. */
  int condemned;

  /** When the previous client may go, on a clock that does not jump; null where not yet known. */
  @Nullable Deadline graceOver;

  /** What the previous client calls; null where nobody looks. */
  @Nullable UsageSamples usage;

  /** Whether it was reported that the previous client is still used. */
  boolean inUseReported;

  /** What was tried of its entries of destinations. */
  final DeliveryAttempts deliveries = new DeliveryAttempts();

  /** What was last reported of its previous client's use; null for nothing. */
  volatile @Nullable InUse inUse;

  /** Since when its step fails; null while it does not. */
  @Nullable Instant failingSince;

  /** Since when a destination waits for its credential; null for none. Each try writes anew. */
  @Nullable Instant behindSince;

  /** That the previous client is still used, and since when that is known. */
  record InUse(Instant since, String detail) {}

  /** Of which rotations the history was told last. */
  List<PastRotation> told = List.of();

  /** By when what it left elsewhere is given up; null where it is not being deleted. */
  @Nullable Deadline leaveBy;

  /** What is late; null for nothing. */
  @Nullable Overdue overdue;

  /** What held up its own steps lately, and what held up those of all. */
  private final Holds own = new Holds();

  private final Holds all;

  /**
   * Makes one.
   *
   * @param all what holds up every role
   */
  RotationItem(String name, Holds all) {
    this.name = name;
    this.all = all;
  }

  /** Returns what held it up for longest between two times; empty for nothing that is known. */
  Optional<Hold> heldUp(Instant from, Instant to) {
    return Holds.longer(own.longest(from, to), all.longest(from, to));
  }

  /** Takes note of what was written or read of it. */
  void is(RoleSummary now) {
    var since = now.behindSince();
    boolean longer = behindSince != null && since != null && behindSince.isBefore(since);
    behindSince = longer ? behindSince : since;
    summary = now;
    doubtful = false;
  }

  /** Takes note that its summary may not be what is stored. */
  void doubt() {
    doubtful = true;
  }

  /** Whether it may have other clients than its summary says. */
  boolean unknown() {
    return doubtful || unreadable();
  }

  /** Whether nobody knows which clients it has; told apart from {@link RoleSummary#UNKNOWN}. */
  @SuppressWarnings("ReferenceEquality") // No other summary says this, however alike.
  boolean unreadable() {
    return summary == RoleSummary.UNREADABLE;
  }

  /** Takes note that what failed before has been mended. */
  void mended() {
    step.mended();
    trouble = Trouble.NONE;
    failingSince = null;
  }

  /** Takes note of what keeps its rotation from going on. */
  void met(Trouble error, Instant now) {
    own.met(error.text(), now);
    step.met(error.text());
    trouble = error;
  }

  /** As {@link #met}, where its step has failed of that. */
  void failed(Trouble error, Instant now) {
    own.met(error.text(), now);
    step.failed(error.text());
    trouble = error;
  }

  String lastError() {
    return step.lastError();
  }

  /** Returns that of its next step. */
  RotationPriority priority() {
    return summary.emergency() ? RotationPriority.EMERGENCY : RotationPriority.STEP;
  }

  /** Takes note that a step of it went on. */
  void wentOn(Instant now) {
    own.over(now);
  }

  /** Takes note of a next client, and returns when it may log in for the first time. */
  Deadline made(Delays delays, Time time) {
    var first = Deadline.in(delays.propagation(), time);
    propagated = first;
    visible = Deadline.in(delays.propagation().plus(delays.visibility()), time);
    return first;
  }

  /** Whether Genesys may merely be slow to show the next client, however often it was looked at. */
  boolean mayStillShow() {
    return visible != null && !visible.over();
  }

  /** Adds a check, in place of the one of that name. */
  void checked(Check check) {
    var others = checks.stream().filter(other -> !other.name().equals(check.name()));
    checks = Stream.concat(others, Stream.of(check)).toList();
  }

  RoleSnapshot view() {
    var late = overdue == null ? "" : overdue.what();
    return new RoleSnapshot(
        name,
        summary,
        step.due(),
        step.attempts(),
        lastError(),
        late,
        checks,
        deliveries.shown(),
        steps);
  }
}
