package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.lifecycle.Backlog;
import dev.genesysvault.lifecycle.TrackedClient;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vault's last rollback before it revokes the leases of a mount that is being disabled, and wipes
 * its storage: decommissions what is waiting as far as time goes, and says by id what is left.
 */
final class RollbackHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackHandler.class);
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** Clients named one by one; more of them are counted. */
  static final int MOST_NAMED = 1_000;

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
    staticRoles.queue(request.mount().uuid()).stop(request.deadline().minus(RESERVE));
    var backlog = backlogs.of(request.mount().uuid());
    backlog.hurry(RollbackHandler::unfinished);
    backlog.awaitNone(RollbackHandler::unfinished, request.deadline().minus(RESERVE));
    var warnings = left(request.storage(), backlog);
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

  private static List<String> left(MountStorage storage, Backlog backlog)
      throws InterruptedException {
    var left = new ArrayList<String>();
    var keys = keys(storage, backlog);
    for (var key : keys.subList(0, Math.min(keys.size(), MOST_NAMED))) {
      storage.client(key).get().ifPresent(client -> left.add(described(key, client)));
    }
    var staticRoles = storage.staticCredentials().names();
    for (var name : staticRoles.subList(0, Math.min(staticRoles.size(), MOST_NAMED))) {
      storage
          .staticCredentials()
          .entry(name)
          .get()
          .ifPresent(credential -> left.add(described(name, credential)));
    }
    if (keys.size() > MOST_NAMED) {
      left.add("and %,d more clients of this mount".formatted(keys.size() - MOST_NAMED));
    }
    return left;
  }

  /** Those that are nobody's any more come first. */
  private static List<ClientKey> keys(MountStorage storage, Backlog backlog)
      throws InterruptedException {
    if (backlog.condition().loaded()) {
      var issuedLast = Comparator.comparing((TrackedClient client) -> !unfinished(client));
      return backlog.all().stream().sorted(issuedLast).map(TrackedClient::key).toList();
    }
    return storage.clients().names().stream().map(ClientKey::new).toList();
  }

  private static String described(String name, StaticCredential credential) {
    var ids =
        Stream.of(
                Optional.ofNullable(credential.current()),
                Optional.ofNullable(credential.previous()),
                Optional.ofNullable(credential.next()))
            .flatMap(Optional::stream)
            .map(generation -> generation.clientId() + " (" + generation.name() + ")")
            .collect(Collectors.joining(", "));
    return "static role %s is not deleted: its clients live on, %s; whoever uses them keeps them, and nobody rotates them"
        .formatted(name, ids.isEmpty() ? "none" : ids);
  }

  private static String described(ClientKey key, ClientRecord client) {
    var what =
        "client %s (record %s, %s) in organisation %s"
            .formatted(
                Optional.ofNullable(client.clientId())
                    .map(ClientId::value)
                    .orElse("without a known id"),
                key,
                client.state(),
                client.organizationId());
    var names = client.names().stream().map(ClientName::value).collect(Collectors.joining(" or "));
    return client.state() == State.ISSUED
        ? "%s is handed out: the revoke of its lease decommissions it; if it has no lease, delete it in Genesys by its name, %s"
            .formatted(what, names)
        : "%s is not decommissioned: delete it in Genesys by its name, %s".formatted(what, names);
  }
}
