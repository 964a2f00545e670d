package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Vault's last rollback before it revokes the leases of a mount that is being disabled, and wipes
 * its storage: decommissions what is waiting as far as time goes, and says by id what is left. The
 * same comes once a minute as long as a mount is tainted, and what was said is not repeated.
 */
public final class RollbackHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final TaintReports reports;

  public RollbackHandler(
      MountClients mountClients, MountStaticRoles staticRoles, TaintReports reports) {
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.reports = reports;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    if (!request.mount().tainted().orElse(false)) {
      return new Reply.Nothing();
    }
    var deadline = request.deadline().minus(RESERVE);
    staticRoles.queue(request.mount().uuid()).stop(deadline);
    var clientQueue = mountClients.of(request.mount().uuid());
    // What the plugin wrote down may have no lease any more: the journal alone says what has to go.
    clientQueue.journalWritten();
    clientQueue.awaitKnown(deadline);
    clientQueue.hurry(RollbackHandler::unfinished);
    clientQueue.awaitNone(RollbackHandler::unfinished, deadline);
    var left = new LeftoverWarnings(request.storage(), clientQueue).look();
    var warnings = reports.tell(request.mount().uuid(), left, request.events());
    return warnings.isEmpty()
        ? new Reply.Nothing()
        : new Reply.Content(Map.of(), warnings, Optional.empty());
  }

  /** Whether nobody wants it any more, as far as its record says. */
  static boolean unfinished(ClientSnapshot client) {
    return client.state() != State.ISSUED;
  }
}
