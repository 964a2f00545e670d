package dev.genesysvault.domain;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** Roles and divisions that a client may have to be copied. */
  public static final int MOST_PAIRS = 1_000;

  /** What all other members of a client to be copied may come to, as JSON. */
  private static final int MOST_PROPERTY_BYTES = 1 << 16;

  private static final int MOST_DIFFERENCES = 20;
  private static final int LONGEST_SHOWN = 200;

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

  /** Members that people read, and that Genesys may keep otherwise than they were sent. */
  private static final Set<String> TEXTS = Set.of("name", "description");

  /** Members without which nobody knows what a client may do. */
  private static final Set<String> DECISIVE =
      Set.of("authorizedGrantType", "accessTokenValiditySeconds", "roleDivisions", "state");

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
      list.forEach(item -> readable(item).ifPresent(pairs::add));
    }
    return Collections.unmodifiableSet(pairs);
  }

  private static Optional<RoleDivision> readable(@Nullable Object item) {
    return item instanceof Map<?, ?> pair
            && pair.get("roleId") instanceof String role
            && pair.get("divisionId") instanceof String division
            && Identifiers.isSafe(role)
            && (division.equals(RoleDivision.ALL_DIVISIONS) || Identifiers.isSafe(division))
        ? Optional.of(new RoleDivision(role, division))
        : Optional.empty();
  }

  /** Returns the same body with another description. */
  public ClientBody described(String description) {
    return with("description", description);
  }

  /** Returns the same body under another name. */
  public ClientBody named(ClientName name) {
    return with("name", name.value());
  }

  /**
   * Returns the body of a client that shall be able to do the same: every member that is the
   * customer's to set, and none that says how this one ends. {@code roleIds} is an older way to say
   * a part of {@code roleDivisions}, and would add to them.
   */
  public ClientBody successor(ClientName name) {
    var copied = new LinkedHashMap<>(members);
    copied.remove("dateToDelete");
    if (copied.containsKey("roleDivisions")) {
      copied.remove("roleIds");
    }
    copied.put("name", name.value());
    copied.put("state", "active");
    return new ClientBody(copied);
  }

  /**
   * Returns in which of this body's members another one differs, each as a sentence; members that
   * only the other one has do not count, nor does the order of the pairs, nor what Genesys may make
   * of a text on its way.
   */
  public List<String> differences(ClientBody other) {
    var differences = new ArrayList<String>();
    members.forEach((member, wanted) -> {
      if (member.equals("roleDivisions")) {
        differPairs(other, differences);
      } else if (!same(member, wanted, other.members.get(member))) {
        differences.add(
            "%s is %s instead of %s"
                .formatted(
                    Texts.cut(member, LONGEST_SHOWN),
                    shown(other.members.get(member)),
                    shown(wanted)));
      }
    });
    return differences.size() <= MOST_DIFFERENCES
        ? differences
        : Stream.concat(
                differences.stream().limit(MOST_DIFFERENCES),
                Stream.of(
                    "and %,d members more differ".formatted(differences.size() - MOST_DIFFERENCES)))
            .toList();
  }

  /**
   * Returns why this body is too large to be copied into another client and kept in a record; empty
   * where it is not. Genesys' own limits are not known to be as tight.
   */
  public Optional<String> excess() {
    int pairs = members.get("roleDivisions") instanceof List<?> list ? list.size() : 0;
    if (pairs > MOST_PAIRS) {
      return Optional.of(
          "%d roles and divisions; at most %d are allowed".formatted(pairs, MOST_PAIRS));
    }
    var others = new LinkedHashMap<>(members);
    others.remove("roleDivisions");
    long bytes = size(others);
    return bytes <= MOST_PROPERTY_BYTES
        ? Optional.empty()
        : Optional.of(
            "properties of %d bytes; at most %d are allowed".formatted(bytes, MOST_PROPERTY_BYTES));
  }

  /** Returns about how long a value is as JSON. */
  private static long size(@Nullable Object value) {
    return switch (value) {
      case null -> 4;
      case Map<?, ?> map ->
          2
              + map.entrySet().stream()
                  .mapToLong(entry -> size(entry.getKey()) + size(entry.getValue()) + 2)
                  .sum();
      case List<?> list -> 2 + list.stream().mapToLong(item -> size(item) + 1).sum();
      default -> String.valueOf(value).getBytes(StandardCharsets.UTF_8).length + 2L;
    };
  }

  /** As {@link #differences}, in what decides what the client may do: neither name nor text. */
  public List<String> differencesInEffect(ClientBody other) {
    var effective = new LinkedHashMap<>(members);
    effective.keySet().removeAll(TEXTS);
    return new ClientBody(effective).differences(other);
  }

  /** Whether this body, as Genesys showed it, has all members that decide what a client may do. */
  public boolean showsEffect() {
    return members.keySet().containsAll(DECISIVE);
  }

  private void differPairs(ClientBody other, List<String> differences) {
    var own = roleDivisions();
    var others = other.roleDivisions();
    var lost = Pairs.missing(own, others);
    var added = Pairs.missing(others, own);
    if (!lost.isEmpty()) {
      differences.add("roleDivisions lacks " + Texts.some(lost));
    }
    if (!added.isEmpty()) {
      differences.add("roleDivisions has %s beside".formatted(Texts.some(added)));
    }
    if (other.members.get("roleDivisions") instanceof List<?> list) {
      list.stream()
          .filter(pair -> readable(pair).isEmpty())
          .findFirst()
          .ifPresent(pair ->
              differences.add("roleDivisions has %s, which is no pair".formatted(shown(pair))));
    }
  }

  private static String shown(@Nullable Object value) {
    return Texts.cut(String.valueOf(value), LONGEST_SHOWN);
  }

  private static boolean same(String member, @Nullable Object wanted, @Nullable Object shown) {
    if (TEXTS.contains(member)) {
      return KeptText.same(
          wanted instanceof String text ? text : "", shown instanceof String text ? text : "");
    }
    return same(wanted, shown);
  }

  /** Genesys may leave out what is empty, and write a number in another way. */
  private static boolean same(@Nullable Object wanted, @Nullable Object shown) {
    if (wanted instanceof Number one && shown instanceof Number other) {
      return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
    }
    return empty(wanted) ? empty(shown) : Objects.equals(wanted, shown);
  }

  private static boolean empty(@Nullable Object value) {
    return value == null
        || value.equals("")
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
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
