package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.history.Ending;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.history.Lateness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the history what a role's rotations did. The credential's own document says first what
 * happened, and that the history has yet to be told; that it was told comes with whatever is
 * written of the credential next. So a kill between the two has it told once more, under the same
 * id, and nothing is told that did not happen. The role's lock is held.
 */
final class RotationHistory {
  /** What makes an id unique that takes no client from readers. */
  private static final String FIRST = "first";

  private final StaticRoleStore credentials;
  private final Time time;
  private final Duration patience;
  private final Instant opened;

  /**
   * Makes one, with a session.
   *
   * @param patience how late something may be before that is told
   */
  RotationHistory(StaticRoleStore credentials, Time time, Duration patience) {
    this.credentials = credentials;
    this.time = time;
    this.patience = patience;
    this.opened = time.now();
  }

  /** Returns what is to be told of a rotation that switches now, beside the credential itself. */
  RotationAccount account(
      StaticCredential before, RotationRun run, RotationItem item, Instant now) {
    return new RotationAccount(
            former(before)
                .map(former -> HistoryIds.of(run.asked(), former.key()))
                .orElseGet(() -> HistoryIds.of(run.asked(), FIRST)),
            run.asked(),
            run.askers(),
            Lateness.ofSwitch(run.asked(), now, patience, item.heldUp(run.asked(), now), opened))
        .besides(run.others());
  }

  /**
   * Returns a credential whose former client's end begins now, with why that is long after its
   * grace, where it is: since it was in use, or nobody could see that it was not.
   */
  static StaticCredential keptFor(
      RotationItem item, StaticCredential credential, RotationParts parts, Instant now) {
    var end = credential.graceEnd();
    var last = credential.history().isEmpty() ? null : credential.history().getLast();
    var account = last == null ? null : last.account();
    if (end == null || account == null || now.isBefore(end.plus(parts.delays().overdue()))) {
      return credential;
    }
    var inUse = item.inUseReported ? item.inUse : null;
    var why =
        inUse != null
            ? inUse.detail()
            : item.heldUp(end, now)
                .map(Lateness::of)
                .orElse("readers got their time again, since no background session was open");
    var late =
        Lateness.cut(
            "the former client's end was begun %s after its grace was over: %s"
                .formatted(Lateness.text(Duration.between(end, now)), why));
    return credential.with(draft -> draft.history = lastBeing(draft.history, late));
  }

  private static List<PastRotation> lastBeing(List<PastRotation> history, String late) {
    var all = new ArrayList<>(history);
    all.add(all.removeLast().late(late));
    return all;
  }

  /** An emergency may have taken the present client before there was another one. */
  private static Optional<StaticClient> former(StaticCredential before) {
    return Optional.ofNullable(before.current()).or(() -> Optional.ofNullable(before.previous()));
  }

  /**
   * Tells what has not been told of a role, and returns the credential that says so, for the next
   * write of it. Where none is to be expected, it is written now.
   */
  StaticCredential tell(RotationItem item, StaticCredential credential)
      throws InterruptedException {
    var untold = untold(credential);
    if (untold.isEmpty() || credential.emergency()) {
      // Nothing may hold up the end of what leaked.
      return credential;
    }
    tellAll(item, untold);
    var told =
        credential.with(
            draft -> draft.history = draft.history.stream().map(PastRotation::told).toList());
    if (rests(credential)) {
      credentials.write(item.name, told);
    }
    return told;
  }

  private void tellAll(RotationItem item, List<PastRotation> untold) throws InterruptedException {
    for (var past : untold) {
      var account = past.account();
      if (account != null && !item.told.contains(past)) {
        tell(item.name, account.id(), RecordedRotation.of(past, account));
      }
    }
    item.told = untold;
  }

  /**
   * Tells what has not been told of a role that is about to be forgotten, which nobody could tell
   * later; after the end of what leaked was begun.
   */
  void tellLast(RotationItem item, StaticCredential credential) throws InterruptedException {
    tellAll(item, untold(credential));
  }

  /** Tells that a client is let go, with the rotation that took it from readers, where one did. */
  void tellLetGo(String role, StaticClient generation, StaticCredential credential)
      throws InterruptedException {
    var id = endedBy(generation, credential);
    var client = generation.clientId();
    if (!id.isEmpty() && client != null) {
      credentials.records().history().tell(role, id, Ending.letGo(client, time.now()));
    }
  }

  private static List<PastRotation> untold(StaticCredential credential) {
    return credential.history().stream().filter(PastRotation::untold).toList();
  }

  /**
   * Returns the id of what takes a generation from readers, by which whoever ends it tells when
   * that was; empty where the history is not told of it.
   */
  static String endedBy(StaticClient generation, StaticCredential credential) {
    for (var past : credential.history()) {
      var account = past.account();
      if (account != null && past.from() != null && past.from().equals(generation.clientId())) {
        return account.id();
      }
    }
    var current = credential.current();
    if (current == null || !current.key().equals(generation.key())) {
      return "";
    }
    var deletion = credential.deletion();
    if (credential.phase() == Phase.DELETING) {
      return deletion == null ? "" : deletion.id();
    }
    var run = credential.run();
    return run == null ? "" : HistoryIds.of(run.asked(), current.key());
  }

  private static boolean rests(StaticCredential credential) {
    return credential.phase() == Phase.IDLE
        && credential.run() == null
        && credential.retired().isEmpty()
        && credential.releases().isEmpty();
  }

  /** Whether a credential says something that has yet to be told. */
  static boolean isBehind(StaticCredential credential) {
    return !untold(credential).isEmpty();
  }

  /** Tells that a rotation was not done within its window. */
  void tellMissed(String role, Instant due, @Nullable StaticClient current, String why)
      throws InterruptedException {
    var late = List.of(Lateness.cut(why));
    var account = new RotationAccount(HistoryIds.of(due, "missed"), due, List.of(), late);
    tell(role, account.id(), RecordedRotation.of(RecordedRotation.MISSED, account, id(current)));
  }

  /** Tells that a client that leaked goes before there is another one. */
  void tellOutage(String role, StaticClient current, RotationRun run) throws InterruptedException {
    var id = HistoryIds.of(run.asked(), current.key());
    var account =
        new RotationAccount(id, run.asked(), run.askers(), List.of()).besides(run.others());
    tell(role, id, RecordedRotation.of(run.reason().word(), account, id(current)));
  }

  /** Tells that a role is deleted, and by whom; where nobody asked for that, nothing. */
  void tellDeleted(String role, StaticCredential credential) throws InterruptedException {
    var account = credential.deletion();
    if (account != null && !credential.generations().isEmpty()) {
      tell(
          role,
          account.id(),
          RecordedRotation.of(RecordedRotation.DELETED, account, id(credential.current())));
    }
  }

  private static @Nullable ClientId id(@Nullable StaticClient generation) {
    return generation == null ? null : generation.clientId();
  }

  private void tell(String role, String id, RecordedRotation rotation) throws InterruptedException {
    credentials.records().history().tell(role, id, rotation, time.now());
  }
}
