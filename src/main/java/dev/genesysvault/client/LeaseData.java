package dev.genesysvault.client;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a lease of {@code creds/<role>} carries in Vault: all that its renewal and its revocation
 * need, whatever became of role and record. Holds no secret. Numbers are text, since they lose
 * precision on their way through Vault.
 *
 * @param names under which the client was asked for, the one that it carries last
 * @param ttl that a renewal grants where its caller asks for nothing
 * @param deferrable whether the plugin may tell Vault that a revoke is done which it wrote down
 *     while the sidecar was away
 */
public record LeaseData(
    ClientKey key,
    ClientId clientId,
    String organizationId,
    List<ClientName> names,
    Mark mark,
    Duration ttl,
    boolean deferrable) {
  /** SecretType.id of the descriptor. */
  public static final String SECRET_TYPE = "oauth_client";

  /** Copies the names. */
  public LeaseData {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names is empty");
    }
  }

  /** Returns the members that Vault keeps. */
  public Map<String, Object> members() {
    var data = new LinkedHashMap<String, Object>();
    data.put("key", key.value());
    data.put("client_id", clientId.value());
    data.put("organization_id", organizationId);
    data.put("names", names.stream().map(ClientName::value).toList());
    data.put("mark", mark.value());
    data.put("ttl_seconds", Long.toString(ttl.toSeconds()));
    data.put("deferrable", deferrable);
    return data;
  }

  /**
   * Reads what Vault kept.
   *
   * @throws IllegalArgumentException if it is not what {@link #members} made
   */
  public static LeaseData read(Map<String, ?> data) {
    return new LeaseData(
        new ClientKey(text(data, "key")),
        new ClientId(text(data, "client_id")),
        text(data, "organization_id"),
        names(data),
        new Mark(text(data, "mark")),
        Duration.ofSeconds(Long.parseLong(text(data, "ttl_seconds"))),
        Boolean.TRUE.equals(data.get("deferrable")));
  }

  /**
   * Returns the record of a client that is on its way out, made from its lease alone.
   *
   * @param issued when Vault leased it
   */
  public ClientRecord retiringRecord(Instant issued) {
    return new ClientRecord(
        State.RETIRING,
        Kind.DYNAMIC,
        names,
        clientId,
        organizationId,
        "",
        new ClientBody(Map.of()),
        issued,
        issued,
        issued,
        null,
        "",
        "",
        "",
        Map.of());
  }

  private static List<ClientName> names(Map<String, ?> data) {
    if (!(data.get("names") instanceof List<?> list)) {
      throw new IllegalArgumentException("names is missing");
    }
    return list.stream().map(name -> new ClientName(String.valueOf(name))).toList();
  }

  private static String text(Map<String, ?> data, String member) {
    if (data.get(member) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new IllegalArgumentException(member + " is missing");
  }
}
