package dev.genesysvault.engine;

import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.lifecycle.EntryLocks;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code roles/<role>}: what a client of {@code creds/<role>} may do, and for how long. */
final class RoleHandler implements Handler {
  private final Connections connections;
  private final EntryLocks locks;
  private final Backlogs backlogs;

  RoleHandler(Connections connections, EntryLocks locks, Backlogs backlogs) {
    this.connections = connections;
    this.locks = locks;
    this.backlogs = backlogs;
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

  private static Map<String, Object> shown(Role role) {
    var data = new LinkedHashMap<String, Object>();
    data.put("role_divisions", role.roleDivisions().stream().map(RoleDivision::toString).toList());
    data.put("template_client_id", role.templateClientId());
    data.put("ttl", role.ttl().toSeconds());
    data.put("max_ttl", role.maxTtl().toSeconds());
    data.put("access_token_validity", role.accessTokenValidity().toSeconds());
    data.put("description", role.description());
    data.put("name_template", role.nameTemplate());
    data.put("metadata", role.metadata());
    data.put("client_properties", role.clientProperties());
    return data;
  }

  private Reply write(Request request, String name) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "roles/" + name)) {
      var entry = request.storage().roles().entry(name);
      var before = entry.get();
      var fields = new RoleFields(request.fields(), before);
      // Everything that needs no answer of Genesys is checked before it is asked.
      var _ = fields.merged(Set.of(), "");
      entry.put(resolved(request, fields, before));
      return Reply.written(List.of());
    }
  }

  private Role resolved(Request request, RoleFields role, Optional<Role> before)
      throws InterruptedException {
    var fields = request.fields();
    var wanted = fields.list("role_divisions").map(WantedPair::parse);
    var template = fields.text("template_client_id").filter(text -> !text.isEmpty());
    boolean skip = fields.flag("skip_verification").orElse(fields.flagDefault("skip_verification"));
    if (wanted.isPresent() && template.isPresent()) {
      throw RefusedException.badInput(
          "role_divisions and template_client_id are both given; give one of them");
    }
    var resolution = new RoleResolution(request, connections);
    if (wanted.isPresent()) {
      return role.merged(resolution.ofWanted(wanted.get(), skip), "");
    }
    if (template.isPresent()) {
      if (skip) {
        throw RefusedException.badInput(
            "template_client_id is copied from Genesys, and skip_verification=true asks Genesys nothing: give role_divisions");
      }
      return role.merged(resolution.ofTemplate(template.get()), template.get());
    }
    var former =
        before.orElseThrow(() ->
            RefusedException.badInput(
                "role_divisions is missing: say what a client gets, or name an existing client with template_client_id"));
    return role.merged(former.roleDivisions(), former.templateClientId());
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
    var backlog = backlogs.of(request.mount().uuid());
    if (backlog.condition().loaded()) {
      return backlog.all().stream().filter(client -> client.role().equals(role)).count();
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
