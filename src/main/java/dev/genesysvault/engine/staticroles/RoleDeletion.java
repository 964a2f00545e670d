package dev.genesysvault.engine.staticroles;

import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.util.List;

/** How a static role is deleted: its credential says so, and the background session does it. */
final class RoleDeletion {
  private final StaticRoleStore credentials;
  private final Time time;

  RoleDeletion(StaticRoleStore credentials, Time time) {
    this.credentials = credentials;
    this.time = time;
  }

  /**
   * Deletes a static role, and waits for a while until its clients are handed over to their end.
   */
  Reply delete(Request request, String name) throws InterruptedException {
    try (var _ = credentials.lock(name)) {
      var credential = credentials.get(name);
      if (credential.isEmpty()) {
        return new Reply.Nothing();
      }
      credentials.put(name, deleting(credential.get(), request));
    }
    var queue = credentials.queue();
    var deadline =
        request.deadline().minus(StaticRoleHandler.RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (credentials.get(name).isPresent()) {
      var tracked = queue.of(name);
      if (tracked.isEmpty() || deadline.over()) {
        return Reply.written(
            List.of(
                "static role %s is being deleted in the background: %sstatic-roles/%s/status shows it until then"
                    .formatted(name, request.mount().path(), name)));
      }
      queue.awaitStep(name, tracked.get().steps(), deadline);
    }
    return new Reply.Nothing();
  }

  /** The first to delete it is the one who did. */
  private StaticCredential deleting(StaticCredential credential, Request request) {
    var now = time.now();
    var current = credential.current();
    return credential.with(draft -> {
      draft.phase = Phase.DELETING;
      if (draft.deletion == null) {
        draft.deletion =
            new RotationAccount(
                current == null
                    ? HistoryIds.of(now, RecordedRotation.DELETED)
                    : HistoryIds.of(now, current.key()),
                now,
                List.of(request.asker(RecordedRotation.DELETED, now)),
                List.of());
      }
    });
  }
}
