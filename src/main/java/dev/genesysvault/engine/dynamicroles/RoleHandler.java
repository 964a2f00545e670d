package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.engine.template.RoleResolution;
import dev.genesysvault.engine.template.TemplateFields;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.DynamicRole;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code roles/<role>}: what a client of {@code creds/<role>} may do, and for how long. */
public final class RoleHandler implements Handler {
  private final Connections connections;
  private final EntryLocks locks;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;

  public RoleHandler(
      Connections connections,
      EntryLocks locks,
      MountClients mountClients,
      MountStaticRoles staticRoles) {
    this.connections = connections;
    this.locks = locks;
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var name = request.capture("name");
    return switch (request.operation()) {
      case READ ->
          request
              .snapshot()
              .roles()
              .entry(name)
              .get()
              .<Reply>map(role -> Reply.of(shown(role)))
              .orElseGet(Reply.Nothing::new);
      case CREATE, UPDATE -> write(request, name);
      case DELETE -> delete(request, name);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private static Map<String, Object> shown(DynamicRole role) {
    var data = new LinkedHashMap<String, Object>();
    TemplateFields.show(role.client(), data);
    data.put("ttl", role.ttl().toSeconds());
    data.put("max_ttl", role.maxTtl().toSeconds());
    return data;
  }

  private Reply write(Request request, String name) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "roles/" + name)) {
      var entry = request.storage().roles().entry(name);
      var before = entry.get();
      entry.put(merged(request, before));
      return Reply.written(List.of());
    }
  }

  private DynamicRole merged(Request request, Optional<DynamicRole> before)
      throws InterruptedException {
    var fields = request.fields();
    var ttl = fields.seconds("ttl").or(() -> before.map(DynamicRole::ttl)).orElse(Duration.ZERO);
    var maxTtl =
        fields.seconds("max_ttl").or(() -> before.map(DynamicRole::maxTtl)).orElse(Duration.ZERO);
    Durations.checkOrder(ttl, maxTtl);
    var client =
        new RoleResolution(request, connections, staticRoles)
            .template(before.map(DynamicRole::client));
    return new DynamicRole(client, ttl, maxTtl, before.map(DynamicRole::unknown).orElse(Map.of()));
  }

  private Reply delete(Request request, String name) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "roles/" + name)) {
      var entry = request.storage().roles().entry(name);
      if (entry.get().isEmpty()) {
        return new Reply.Nothing();
      }
      var live = liveClients(request, name);
      if (!live.unreadable().isEmpty() && !request.fields().flagOrDefault("force")) {
        throw RefusedException.badInput(
            "records that cannot be read may be of clients of role %s: %s. Bring them in order or remove them, or delete the role all the same with force=true: their clients stay as they are"
                .formatted(name, Texts.some(live.unreadable())));
      }
      entry.delete();
      return Reply.written(warnings(live, name, request.mount().path()));
    }
  }

  private static List<String> warnings(Live live, String name, String path) {
    var warnings = new ArrayList<String>();
    if (live.count() > 0) {
      warnings.add(
          "%d clients of role %s live on until their leases end; vault lease revoke -prefix %screds/%s ends them now"
              .formatted(live.count(), name, path, name));
    }
    if (!live.unreadable().isEmpty()) {
      warnings.add(
          "nobody knows whether these records, which cannot be read, are of clients of role %s: %s"
              .formatted(name, Texts.some(live.unreadable())));
    }
    return warnings;
  }

  /**
   * What storage says of a role's clients.
   *
   * @param unreadable names of records that cannot be read
   */
  private record Live(long count, List<String> unreadable) {}

  private Live liveClients(Request request, String role) throws InterruptedException {
    var queue = mountClients.of(request.mount().uuid());
    var status = queue.status();
    if (status.loaded()) {
      long live = queue.all().stream().filter(client -> client.role().equals(role)).count();
      return new Live(live, status.unreadable());
    }
    var live = new ArrayList<String>();
    var unreadable = new ArrayList<String>();
    var clients = request.storage().clients();
    for (var batch : Folder.batches(clients.names())) {
      clients.each(
          batch,
          found -> {
            switch (found) {
              case Found.Document(var key, var client) when client.role().equals(role) ->
                  live.add(key);
              case Found.Unreadable(var key, var _) -> unreadable.add(key);
              case Found.Document<ClientRecord> _, Found.Nothing<ClientRecord> _ -> {
                // Another role's, or removed since the names were listed.
              }
            }
          });
    }
    return new Live(live.size(), unreadable);
  }
}
