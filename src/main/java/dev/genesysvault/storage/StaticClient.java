package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Part of a static credential's document: one of the clients that it has in turn.
 *
 * @param key under which its record is kept once it has to go
 * @param name at Genesys
 * @param organizationId where it lives
 * @param body with which it was asked for, so that it can be succeeded even when it is gone
 * @param announced when it was asked for, or imported
 * @param endpoint under which it is asked for, or was imported: its secret goes there alone; null
 *     where that was not kept yet
 * @param clientId null until Genesys' answer is known
 * @param secret null until Genesys' answer is known, and again once nobody reads it any more
 * @param imported whether somebody else made it
 * @param kept whether it is let go, not decommissioned, when it is succeeded
 * @param unknown members of a later version
 */
public record StaticClient(
    ClientKey key,
    ClientName name,
    String organizationId,
    ClientBody body,
    Instant announced,
    @Nullable Endpoint endpoint,
    @Nullable ClientId clientId,
    @Nullable Secret secret,
    boolean imported,
    boolean kept,
    Map<String, Object> unknown) {

  /** Returns what it logs in with; empty where that is not known yet, or not any more. */
  public Optional<Credential> credential() {
    return clientId == null || secret == null
        ? Optional.empty()
        : Optional.of(new Credential(clientId, secret));
  }

  /** Returns this generation, as Genesys made it. */
  public StaticClient made(ClientId id, Secret itsSecret) {
    return new StaticClient(
        key,
        name,
        organizationId,
        body,
        announced,
        endpoint,
        id,
        itsSecret,
        imported,
        kept,
        unknown);
  }

  /** Returns this generation with the body that Genesys shows of it. */
  public StaticClient shown(ClientBody shown) {
    return new StaticClient(
        key,
        name,
        organizationId,
        shown,
        announced,
        endpoint,
        clientId,
        secret,
        imported,
        kept,
        unknown);
  }

  /** Returns this generation without its secret. */
  public StaticClient withoutSecret() {
    return new StaticClient(
        key,
        name,
        organizationId,
        body,
        announced,
        endpoint,
        clientId,
        null,
        imported,
        kept,
        unknown);
  }

  static StaticClient read(Members members) {
    var id = members.textOr("client_id", "");
    var secret = members.textOr("client_secret", "");
    return new StaticClient(
        new ClientKey(members.text("key")),
        new ClientName(members.text("name")),
        members.text("organization_id"),
        new ClientBody(members.object("body")),
        members
            .instant("announced")
            .orElseThrow(() -> new IllegalArgumentException("announced is missing")),
        members.endpoint("api_url", "login_url"),
        id.isEmpty() ? null : new ClientId(id),
        secret.isEmpty() ? null : Secret.of(secret),
        members.flag("imported"),
        members.flag("kept"),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("key", key.value());
    members.put("name", name.value());
    members.put("organization_id", organizationId);
    members.put("body", body.members());
    members.put("announced", announced.toString());
    if (endpoint != null) {
      members.put("api_url", endpoint.api().toString());
      members.put("login_url", endpoint.login().toString());
    }
    if (clientId != null) {
      members.put("client_id", clientId.value());
    }
    if (secret != null) {
      members.put("client_secret", secret.reveal());
    }
    members.put("imported", imported);
    members.put("kept", kept);
    members.putAll(unknown);
    return members;
  }
}
