package dev.genesysvault.engine;

import dev.genesysvault.lifecycle.TrackedClient;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vault's last rollback before it revokes the leases of a mount that is being disabled, and wipes
 * its storage: decommissions what is waiting as far as time goes, and says by id what is left.
 */
final class RollbackHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackHandler.class);
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Backlogs backlogs;
  private final StaticRoles staticRoles;

  RollbackHandler(Backlogs backlogs, StaticRoles staticRoles) {
    this.backlogs = backlogs;
    this.staticRoles = staticRoles;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    if (!request.mount().tainted().orElse(false)) {
      return new Reply.Nothing();
    }
    var deadline = request.deadline().minus(RESERVE);
    staticRoles.queue(request.mount().uuid()).stop(deadline);
    var backlog = backlogs.of(request.mount().uuid());
    // What the plugin wrote down may have no lease any more: the journal alone says what has to go.
    backlog.journalWritten();
    backlog.awaitKnown(deadline);
    backlog.hurry(RollbackHandler::unfinished);
    backlog.awaitNone(RollbackHandler::unfinished, deadline);
    var warnings = new LeftBehind(request.storage(), backlog).warnings();
    warnings.forEach(warning ->
        LOG.atWarn()
            .addKeyValue("mount", request.mount().uuid())
            .addKeyValue("client", warning)
            .log("a mount is being disabled before all of its clients are decommissioned"));
    return warnings.isEmpty()
        ? new Reply.Nothing()
        : new Reply.Content(Map.of(), warnings, Optional.empty());
  }

  /** Whether nobody wants it any more, as far as its record says. */
  static boolean unfinished(TrackedClient client) {
    return client.state() != State.ISSUED;
  }
}
