package dev.genesysvault.simulation;

import dev.genesysvault.engine.mount.Sessions;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One life of the plugin's process, as {@code plugin-shim} is written. */
final class SimulatedPlugin {
  /** Whoever reads may be called anything. */
  private static final String DISPLAY_NAME = " approle\u00a0 \u65e5\u672c-\uD83D\uDE00\tpayroll ";

  private static final Duration BUDGET = Duration.ofSeconds(3);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
  private static final Duration AFTER_TAKEOVER = Duration.ofSeconds(30);

  /** What Vault keeps of a rollback's time for what follows it. */
  private static final Duration ROLLBACK_RESERVE = Duration.ofSeconds(10);

  /** What a revoke keeps of its time, to be written down. */
  private static final Duration JOURNAL_RESERVE = Duration.ofSeconds(5);

  /** What the wire takes each way at most, so that the sidecar's deadline is the earlier one. */
  private static final Duration ON_THE_WAY = Duration.ofMillis(20);

  final SimulatedProcess process;
  private final Scheduler scheduler;
  private final SimulatedProcess vault;
  private final SidecarHost sidecars;
  private final List<SimulatedTask> awaitingNews = new ArrayList<>();
  private final Set<SimulatedMount> seenTainted = new HashSet<>();
  private final Map<SimulatedMount, Tasks.Task> sessions = new HashMap<>();

  SimulatedPlugin(
      Scheduler scheduler, SimulatedProcess process, SimulatedProcess vault, SidecarHost sidecars) {
    this.scheduler = scheduler;
    this.process = process;
    this.vault = vault;
    this.sidecars = sidecars;
  }

  /** Answers one request of Vault, in a task of this process. */
  Answer serve(SimulatedMount mount, Call call, Duration whole) throws InterruptedException {
    boolean rollback = call.operation() == Operation.ROLLBACK;
    var limit = rollback ? whole.minus(ROLLBACK_RESERVE) : whole;
    long begun = scheduler.nanos();
    var budget = limit.compareTo(BUDGET) < 0 ? limit.multipliedBy(9).dividedBy(10) : BUDGET;
    while (true) {
      var sidecar = sidecars.await(budget.minus(since(begun)));
      if (sidecar.isEmpty()) {
        return new Answer.Unanswered("no sidecar");
      }
      var left = limit.minus(since(begun));
      var lent = mount.storage.lend(sidecar.get().process, vault);
      RemoteCall.Outcome<Reply> outcome;
      try {
        outcome =
            RemoteCall.call(
                scheduler,
                sidecar.get().process,
                call.toString(),
                left,
                () -> sidecar.get().engine.serve(request(mount, call, lent, left), 0));
      } finally {
        lent.close();
      }
      switch (outcome) {
        case RemoteCall.Outcome.Returned<Reply>(var reply) -> {
          return new Answer.OfSidecar(reply);
        }
        case RemoteCall.Outcome.TimedOut<Reply> _ -> {
          return new Answer.Unanswered("the sidecar took too long");
        }
        case RemoteCall.Outcome.Broken<Reply> _ -> {
          boolean again =
              !lent.used()
                  && call.repeatable()
                  && since(begun).plus(BETWEEN_ATTEMPTS).compareTo(budget) < 0;
          if (!again) {
            return new Answer.Unanswered("the sidecar died");
          }
          scheduler.sleep(BETWEEN_ATTEMPTS);
        }
      }
    }
  }

  private Duration since(long begun) {
    return Duration.ofNanos(scheduler.nanos() - begun);
  }

  private Request request(
      SimulatedMount mount, Call call, SimulatedStorage.Lent lent, Duration limit) {
    boolean revoking = call.operation() == Operation.REVOKE;
    return new Request(
        mount.facts(revoking || call.operation() == Operation.ROLLBACK || seenTainted(mount)),
        call.operation(),
        call.pathId(),
        call.requestId(),
        call.captures(),
        new Fields(call.fields(), SimulatedSidecar.descriptor().defaults(call.pathId())),
        DISPLAY_NAME,
        "entity-1",
        call.lease(),
        new MountStorage(lent),
        Request.snapshot(Map.of(), Map.of(), lent),
        mount.events(scheduler),
        Deadline.in(limit.minus(ON_THE_WAY), scheduler),
        "v0.0.0");
  }

  /** Once Vault has said so, it is asked with each request whether that is over. */
  private boolean seenTainted(SimulatedMount mount) {
    if (mount.tainted) {
      seenTainted.add(mount);
      return true;
    }
    return seenTainted.remove(mount);
  }

  /** Revokes a lease, or writes down that it has to be revoked. */
  Answer revoke(SimulatedMount mount, Call call, Duration limit) throws InterruptedException {
    var answer = serve(mount, call, limit.minus(JOURNAL_RESERVE));
    if (!(answer instanceof Answer.Unanswered)) {
      return answer;
    }
    var lease = call.lease().orElseThrow();
    if (scheduler.me().interrupted) {
      return answer;
    }
    if (mount.tainted) {
      return answer;
    }
    var lent = mount.storage.lend(process, vault);
    try {
      var key = String.valueOf(lease.internalData().get("key"));
      lent.put("journal/" + key, journalEntry(lease.internalData(), lease.issued().toString()));
      return new Answer.Journaled(Boolean.TRUE.equals(lease.internalData().get("deferrable")));
    } catch (StorageException e) {
      return new Answer.Unanswered("the journal cannot be written: " + e.getMessage());
    } finally {
      // Whatever came of it: it may have been written.
      mount.journaled++;
      news();
      lent.close();
    }
  }

  private byte[] journalEntry(Map<String, Object> internalData, String issued) {
    var data = new LinkedHashMap<>(internalData);
    data.remove("secret_type");
    var entry = new LinkedHashMap<String, Object>();
    entry.put("version", 1);
    entry.put("secret_type", "oauth_client");
    entry.put("internal_data", data);
    entry.put("issue_time", issued);
    entry.put("journaled_time", scheduler.now().toString());
    return Json.write(entry);
  }

  /** Has the sessions look at their mounts: at Vault's tick, and when a request tells of a move. */
  void news() {
    awaitingNews.forEach(scheduler::wake);
  }

  /** Keeps a mount's background session open until this process ends, or the mount is gone. */
  void attend(SimulatedMount mount) {
    sessions.put(
        mount,
        process.start(
            "session",
            () -> {
              try {
                keepOpen(mount);
              } catch (InterruptedException _) {
                // The mount is gone.
              }
            }));
  }

  /** Ends a mount's background session and waits for nothing. */
  void cleanUp(SimulatedMount mount) {
    var session = sessions.remove(mount);
    if (session != null) {
      session.interrupt();
    }
  }

  private void keepOpen(SimulatedMount mount) throws InterruptedException {
    var wait = FIRST_RETRY;
    while (true) {
      var sidecar = sidecars.await(null).orElseThrow();
      var lent = mount.storage.lend(sidecar.process, vault);
      long opened = scheduler.nanos();
      var notifier = notifier(mount, sidecar);
      RemoteCall.Outcome<Sessions.End> outcome;
      try {
        outcome =
            RemoteCall.call(
                scheduler,
                sidecar.process,
                "attend",
                null,
                () ->
                    sidecar.engine.attend(
                        mount.facts(true), new MountStorage(lent), mount.events(scheduler)));
      } finally {
        notifier.interrupt();
        lent.close();
      }
      if (since(opened).compareTo(LONGEST_RETRY) > 0) {
        wait = FIRST_RETRY;
      }
      boolean superseded =
          outcome instanceof RemoteCall.Outcome.Returned<Sessions.End>(var end)
              && end == Sessions.End.SUPERSEDED;
      scheduler.sleep(superseded ? AFTER_TAKEOVER : wait);
      wait =
          wait.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? wait.multipliedBy(2) : LONGEST_RETRY;
    }
  }

  /** Tells the sidecar of every change that it should know of. */
  private Tasks.Task notifier(SimulatedMount mount, SimulatedSidecar sidecar) {
    var told = News.of(mount);
    return process.start(
        "notifier",
        () -> {
          try {
            notify(mount, sidecar, told);
          } catch (InterruptedException _) {
            // The session is over.
          }
        });
  }

  /** What a notice says. */
  private record News(String path, boolean tainted, long journaled) {
    static News of(SimulatedMount mount) {
      return new News(mount.path, mount.tainted, mount.journaled);
    }
  }

  private void notify(SimulatedMount mount, SimulatedSidecar sidecar, News toldBefore)
      throws InterruptedException {
    var told = toldBefore;
    var me = scheduler.me();
    awaitingNews.add(me);
    try {
      while (!sidecar.process.dead()) {
        var news = News.of(mount);
        if (news.equals(told)) {
          scheduler.block("news", null, true);
        } else {
          told = news;
          var _ =
              sidecar.process.start(
                  "notice",
                  () ->
                      sidecar.engine.noticed(mount.uuid, news.path(), Optional.of(news.tainted())));
        }
      }
    } finally {
      awaitingNews.remove(me);
    }
  }
}
