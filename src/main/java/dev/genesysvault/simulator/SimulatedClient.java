package dev.genesysvault.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth client of the simulated organisation. Its body is kept as it came, members that nobody
 * here knows included.
 */
final class SimulatedClient {
  private static final Set<String> READ_ONLY =
      Set.of("id", "secret", "dateCreated", "dateModified", "createdBy", "modifiedBy", "selfUri");

  final String id;
  final Instant created;
  private final String creatorId;
  private Map<String, Object> body = new LinkedHashMap<>();
  private String secret;
  private Instant secretUsable;
  private Instant modified;
  private @Nullable Instant deleted;
  private Set<Grant> formerGrants = Set.of();
  private Instant granted = Instant.EPOCH;

  SimulatedClient(
      String id, Map<String, Object> body, String secret, String creatorId, Instant now) {
    this.id = id;
    this.secret = secret;
    this.creatorId = creatorId;
    this.created = now;
    this.modified = now;
    this.secretUsable = now;
    replace(body, now);
  }

  /** Replaces every member, as a PUT does. */
  void replace(Map<String, Object> members, Instant now) {
    var before = grants();
    body = new LinkedHashMap<>(members);
    body.keySet().removeAll(READ_ONLY);
    body.putIfAbsent("state", "active");
    body.putIfAbsent("accessTokenValiditySeconds", 86_400);
    body.putIfAbsent("description", "");
    modified = now;
    if (!before.equals(grants())) {
      formerGrants = before;
      granted = now;
    }
  }

  /** Grants it something else; everybody knows at once. */
  void grant(List<Map<String, Object>> pairs) {
    body.put("roleDivisions", pairs);
    grantsAreKnown();
  }

  /** Lets everybody know of its grants at once. */
  SimulatedClient grantsAreKnown() {
    granted = Instant.EPOCH;
    return this;
  }

  void renewSecret(String newSecret, Instant usable) {
    secret = newSecret;
    secretUsable = usable;
  }

  void delete(Instant now) {
    deleted = now;
  }

  Optional<Instant> deleted() {
    return Optional.ofNullable(deleted);
  }

  Instant modified() {
    return modified;
  }

  String name() {
    return String.valueOf(body.get("name"));
  }

  String state() {
    return deleted == null ? String.valueOf(body.get("state")) : "deleted";
  }

  Set<Grant> grants() {
    return Grant.of(body);
  }

  /** Returns its grants as somebody knows them who hears of them that late. */
  Set<Grant> grants(Instant now, Duration delay) {
    return now.isBefore(granted.plus(delay)) ? formerGrants : grants();
  }

  long tokenValiditySeconds() {
    return body.get("accessTokenValiditySeconds") instanceof Number seconds
        ? seconds.longValue()
        : 86_400;
  }

  /** Whether it could log in with its present secret now. */
  boolean logsIn(Instant now) {
    return state().equals("active")
        && "CLIENT-CREDENTIALS".equals(body.get("authorizedGrantType"))
        && !now.isBefore(secretUsable);
  }

  boolean hasSecret(String offered) {
    return MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns it as Genesys shows it: never with its secret. */
  Map<String, Object> shown() {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", id);
    shown.putAll(body);
    shown.put("state", state());
    var roleIds = new TreeSet<String>();
    grants().forEach(grant -> roleIds.add(grant.roleId()));
    shown.put("roleIds", roleIds);
    shown.putIfAbsent("registeredRedirectUri", List.of());
    shown.putIfAbsent("scope", List.of());
    shown.put("dateCreated", created.toString());
    shown.put("dateModified", modified.toString());
    shown.put("createdBy", Map.of("id", creatorId));
    shown.put("modifiedBy", Map.of("id", creatorId));
    shown.put("selfUri", "/api/v2/oauth/clients/" + id);
    return shown;
  }

  /** Returns it as somebody shows it who has not heard of its deletion. */
  Map<String, Object> shownAsBefore() {
    var shown = shown();
    shown.put("state", body.get("state"));
    return shown;
  }

  /** Returns it as the two replies show it that carry its secret. */
  Map<String, Object> shownWithSecret() {
    var shown = shown();
    shown.put("secret", secret);
    return shown;
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "SimulatedClient[%s %s]".formatted(id, state());
  }
}
