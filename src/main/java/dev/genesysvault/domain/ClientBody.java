package dev.genesysvault.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The body with which Genesys makes or replaces an OAuth client: JSON as JDK values (maps, lists,
 * text, numbers, booleans, null), members unknown to this engine included, so that what Genesys
 * adds survives a copy. A PUT replaces the whole client, so a body is always whole.
 *
 * @param members what the customer may set; never ids, dates, links or a secret
 */
public record ClientBody(Map<String, Object> members) {
  /** Genesys' name of the client credentials grant, with a hyphen. */
  public static final String GRANT_TYPE = "CLIENT-CREDENTIALS";

  /** Members that Genesys sets, which no body carries. */
  public static final Set<String> READ_ONLY =
      Set.of("id", "secret", "dateCreated", "dateModified", "createdBy", "modifiedBy", "selfUri");

  /** Members that this engine sets, which no role may set beside it. */
  public static final Set<String> OWNED =
      Set.of(
          "name",
          "description",
          "authorizedGrantType",
          "accessTokenValiditySeconds",
          "roleDivisions",
          "roleIds",
          "state",
          "dateToDelete");

  /** Leaves out what Genesys sets itself, and copies the rest. */
  public ClientBody {
    var kept = new LinkedHashMap<>(members);
    kept.keySet().removeAll(READ_ONLY);
    members = Collections.unmodifiableMap(kept);
  }

  /**
   * Returns the body of a new client.
   *
   * @param properties further members; none of {@link #OWNED} or {@link #READ_ONLY}
   */
  public static ClientBody of(
      ClientName name,
      String description,
      Duration accessTokenValidity,
      Set<RoleDivision> roleDivisions,
      Map<String, Object> properties) {
    var members = new LinkedHashMap<>(properties);
    members.put("name", name.value());
    members.put("description", description);
    members.put("authorizedGrantType", GRANT_TYPE);
    members.put("accessTokenValiditySeconds", accessTokenValidity.toSeconds());
    var pairs = new ArrayList<Map<String, Object>>();
    for (var pair : new TreeSet<>(roleDivisions)) {
      pairs.add(Map.of("roleId", pair.roleId(), "divisionId", pair.divisionId()));
    }
    members.put("roleDivisions", List.copyOf(pairs));
    members.put("state", "active");
    return new ClientBody(members);
  }

  /** Returns the text of a member; empty where it is absent or no text. */
  public String text(String member) {
    return members.get(member) instanceof String text ? text : "";
  }

  /** Returns the roles and divisions, sorted; a pair that makes no sense is left out. */
  public Set<RoleDivision> roleDivisions() {
    var pairs = new TreeSet<RoleDivision>();
    if (members.get("roleDivisions") instanceof List<?> list) {
      for (var item : list) {
        if (item instanceof Map<?, ?> pair
            && pair.get("roleId") instanceof String role
            && pair.get("divisionId") instanceof String division
            && Identifiers.isSafe(role)
            && (division.equals(RoleDivision.ALL_DIVISIONS) || Identifiers.isSafe(division))) {
          pairs.add(new RoleDivision(role, division));
        }
      }
    }
    return Collections.unmodifiableSet(pairs);
  }

  /** Returns the same body under another name. */
  public ClientBody named(ClientName name) {
    return with("name", name.value());
  }

  /** Returns the same body for a client that may not log in and waits for its deletion. */
  public ClientBody inactive() {
    return with("state", "inactive");
  }

  /**
   * Returns the same body for a client that Genesys deletes at {@code time}, inactive till then.
   */
  public ClientBody deletedAt(Instant time) {
    return inactive().with("dateToDelete", time.toString());
  }

  private ClientBody with(String member, Object value) {
    var changed = new LinkedHashMap<>(members);
    changed.put(member, value);
    return new ClientBody(changed);
  }
}
