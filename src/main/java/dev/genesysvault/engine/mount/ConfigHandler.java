package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Genesys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code config}: the organisation and the client with which the mount works in it. */
public final class ConfigHandler implements Handler {
  private final Genesys.Connector connector;
  private final Connections connections;
  private final EntryLocks locks;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final Randomness randomness;
  private final Time time;

  public ConfigHandler(
      Genesys.Connector connector,
      Connections connections,
      EntryLocks locks,
      MountClients mountClients,
      MountStaticRoles staticRoles,
      Randomness randomness,
      Time time) {
    this.connector = connector;
    this.connections = connections;
    this.locks = locks;
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.randomness = randomness;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> read(request);
      case CREATE, UPDATE -> write(request);
      case DELETE -> delete(request);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private static Reply read(Request request) throws InterruptedException {
    var config = request.snapshot().config().get();
    if (config.isEmpty()) {
      return new Reply.Nothing();
    }
    var mark = request.snapshot().mount().get().map(state -> state.mark().value()).orElse("");
    return Reply.of(shown(config.get(), mark));
  }

  private static Map<String, Object> shown(MountConfig config, String mark) {
    var data = new LinkedHashMap<String, Object>();
    var organization = Optional.ofNullable(config.organization());
    data.put("region", config.region());
    data.put("domain", config.domain());
    data.put("api_url", config.endpoint().api().toString());
    data.put("login_url", config.endpoint().login().toString());
    data.put("allow_insecure_url", config.allowInsecureUrl());
    data.put("client_id", config.credential().id().value());
    data.put("ttl", config.ttl().toSeconds());
    data.put("max_ttl", config.maxTtl().toSeconds());
    data.put("name_prefix", config.namePrefix());
    data.put("revocation", config.revocation());
    data.put("history_days", config.keeping().days());
    data.put("keep_attribution", config.keeping().attribution());
    data.put("mount_id", mark);
    data.put("organization_id", organization.map(Organization::id).orElse(""));
    data.put("organization_name", organization.map(Organization::name).orElse(""));
    data.put("verified", config.verified());
    return data;
  }

  /**
   * One writes at a time; Genesys is asked before the configuration is held, since whoever makes or
   * ends clients waits for that.
   */
  private Reply write(Request request) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "config/write")) {
      for (int look = 1; look <= Connections.MOST_LOOKS; look++) {
        var storage = request.storage();
        var before = storage.config().get();
        var merged = new ConfigFields(request.fields(), before, time.now()).merged();
        var check = new ConfigCheck(connector, request, merged, before);
        boolean verify = request.fields().flagOrDefault("verify_connection");
        var config = verify ? check.verified() : unverified(merged, before);
        try (var _ = locks.lock(request.mount().uuid(), "config")) {
          if (isStill(before, storage) && check.holds()) {
            return written(request, before, config, check.warnings());
          }
        }
      }
    }
    throw new RefusedException(
        503,
        "config was changed by others while Genesys was asked; nothing was written: try again");
  }

  private static boolean isStill(Optional<MountConfig> before, MountStorage storage)
      throws InterruptedException {
    var now = storage.config().get();
    return now.isPresent() == before.isPresent()
        && now.filter(it -> !it.sameAs(before.orElse(it))).isEmpty();
  }

  private Reply written(
      Request request, Optional<MountConfig> before, MountConfig config, List<String> warnings)
      throws InterruptedException {
    var storage = request.storage();
    if (storage.mount().get().isEmpty()) {
      storage.mount().put(MountMark.of(ClientNaming.newMark(randomness)));
    }
    leave(storage, before, config.endpoint(), warnings);
    storage.config().put(config);
    connections.configWritten();
    // What waited for a better configuration waits no longer.
    mountClients.of(request.mount().uuid()).hurry(ClientSnapshot::leaving);
    staticRoles.queue(request.mount().uuid()).hurry();
    return Reply.written(warnings);
  }

  /** Keeps the organisation that is known, so that the first use compares with it. */
  private static MountConfig unverified(MountConfig config, Optional<MountConfig> before) {
    var former = before.orElse(null);
    var known = former == null ? null : former.organization();
    if (former == null || known == null) {
      return config;
    }
    boolean sameConnection =
        former.verified()
            && former.endpoint().equals(config.endpoint())
            && former.credential().id().equals(config.credential().id())
            && former.credential().secret().sameAs(config.credential().secret());
    return sameConnection ? config.verifiedFor(known) : config.unverifiedAfter(former);
  }

  /**
   * Keeps the addresses that are being left for static credentials that were stored without any,
   * before anything else is written.
   */
  private static void leave(
      MountStorage storage,
      Optional<MountConfig> before,
      @Nullable Endpoint next,
      List<String> warnings)
      throws InterruptedException {
    if (before.isEmpty() || before.get().endpoint().equals(next)) {
      return;
    }
    var state = storage.mount().get();
    if (before.get().verified() && state.isPresent()) {
      var leaving = state.get().leaving(before.get().endpoint());
      if (!leaving.equals(state.get())) {
        storage.mount().put(leaving);
      }
    }
    int roles = next == null ? 0 : storage.staticCredentials().names().size();
    if (roles > 0) {
      warnings.add(
          "%d static credentials are given out with the addresses under which they were made until their next rotation; rotate-role/<name> brings the new ones at once"
              .formatted(roles));
    }
  }

  private Reply delete(Request request) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "config")) {
      int clients = OrganizationCheck.clients(request.storage());
      if (clients > 0 && !forced(request)) {
        throw RefusedException.badInput(
            "%d clients that this mount made exist and could no longer be decommissioned: revoke their leases and delete their static roles first (%sclients and %sstatic-roles list them); force=true leaves them live until config is written again"
                .formatted(clients, request.mount().path(), request.mount().path()));
      }
      leave(request.storage(), request.storage().config().get(), null, new ArrayList<>());
      request.storage().config().delete();
      connections.configWritten();
      connections.forget(request.mount().uuid());
      return Reply.written(
          clients == 0
              ? List.of()
              : List.of(
                  "%d clients that this mount made are left as they are: their records are kept, and they are decommissioned once config reaches their organisation again"
                      .formatted(clients)));
    }
  }

  private static boolean forced(Request request) {
    return request.fields().flagOrDefault("force");
  }
}
