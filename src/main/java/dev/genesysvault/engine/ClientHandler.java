package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.storage.ClientRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code clients/<key>}: what the mount knows of one of its clients. */
final class ClientHandler implements Handler {
  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ ->
          request
              .snapshot()
              .clients()
              .entry(request.capture("key"))
              .get()
              .<Reply>map(client -> Reply.of(shown(client)))
              .orElseGet(Reply.Nothing::new);
      case CREATE, UPDATE, DELETE, LIST, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }

  private static Map<String, Object> shown(ClientRecord client) {
    var data = new LinkedHashMap<String, Object>();
    data.put("state", client.state().name().toLowerCase(Locale.ROOT));
    data.put("kind", client.kind().name().toLowerCase(Locale.ROOT));
    data.put("role", client.role());
    data.put("client_id", Optional.ofNullable(client.clientId()).map(ClientId::value).orElse(""));
    data.put("names", client.names().stream().map(ClientName::value).toList());
    data.put(
        "role_divisions",
        client.body().roleDivisions().stream().map(RoleDivision::toString).toList());
    data.put("organization_id", client.organizationId());
    data.put("created_time", time(client.created()));
    data.put(
        "deadline", Optional.ofNullable(client.deadline()).map(ClientHandler::time).orElse(""));
    data.put("display_name", client.displayName());
    data.put("entity_id", client.entityId());
    return data;
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
