package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.lifecycle.TrackedClient;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final Duration RESERVE = Duration.ofSeconds(3);

  private final Backlogs backlogs;

  RollbackHandler(Backlogs backlogs) {
    this.backlogs = backlogs;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    if (!request.mount().tainted().orElse(false)) {
      return new Reply.Nothing();
    }
    var backlog = backlogs.of(request.mount().uuid());
    backlog.hurry(RollbackHandler::unfinished);
    backlog.awaitNone(RollbackHandler::unfinished, request.deadline().minus(RESERVE));
    var warnings = left(request);
    warnings.forEach(warning ->
        LOG.atWarn()
            .addKeyValue("mount", request.mount().uuid())
            .addKeyValue("client", warning)
            .log("a mount is being disabled before all of its clients are decommissioned"));
    return warnings.isEmpty()
        ? new Reply.Nothing()
        : new Reply.Content(Map.of(), warnings, Optional.empty());
  }

  private static boolean unfinished(TrackedClient client) {
    return client.state() != State.ISSUED;
  }

  /** From storage, which is right whether a session is open or not. */
  private static List<String> left(Request request) throws InterruptedException {
    var left = new ArrayList<String>();
    var clients = request.storage().clients();
    for (var key : clients.names()) {
      var client = clients.entry(key).get();
      if (client.isPresent() && client.get().state() != State.ISSUED) {
        left.add(described(key, client.get()));
      }
    }
    return left;
  }

  private static String described(String key, ClientRecord client) {
    return "client %s (record %s, %s) in organisation %s is not decommissioned: delete it in Genesys by its name %s"
        .formatted(
            Optional.ofNullable(client.clientId())
                .map(ClientId::value)
                .orElse("without a known id"),
            key,
            client.state(),
            client.organizationId(),
            client.latestName());
  }
}
