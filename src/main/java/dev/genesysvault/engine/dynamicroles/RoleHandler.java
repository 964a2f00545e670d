package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.client.EntryLocks;
import dev.genesysvault.engine.mount.ClientQueues;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.RotationQueues;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.engine.template.RoleResolution;
import dev.genesysvault.engine.template.TemplateFields;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.DynamicRole;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code roles/<role>}: what a client of {@code creds/<role>} may do, and for how long. */
public final class RoleHandler implements Handler {
  private final Connections connections;
  private final EntryLocks locks;
  private final ClientQueues clientQueues;
  private final RotationQueues staticRoles;

  public RoleHandler(
      Connections connections,
      EntryLocks locks,
      ClientQueues clientQueues,
      RotationQueues staticRoles) {
    this.connections = connections;
    this.locks = locks;
    this.clientQueues = clientQueues;
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
      long live = liveClients(request, name);
      entry.delete();
      return Reply.written(
          live == 0
              ? List.of()
              : List.of(
                  "%d clients of role %s live on until their leases end; vault lease revoke -prefix %screds/%s ends them now"
                      .formatted(live, name, request.mount().path(), name)));
    }
  }

  private long liveClients(Request request, String role) throws InterruptedException {
    var clientQueue = clientQueues.of(request.mount().uuid());
    if (clientQueue.condition().loaded()) {
      return clientQueue.all().stream().filter(client -> client.role().equals(role)).count();
    }
    long live = 0;
    var clients = request.storage().clients();
    for (var key : clients.names()) {
      var client = clients.entry(key).get();
      if (client.map(ClientRecord::role).filter(role::equals).isPresent()) {
        live++;
      }
    }
    return live;
  }
}
