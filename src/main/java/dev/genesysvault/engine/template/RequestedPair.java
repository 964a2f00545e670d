package dev.genesysvault.engine.template;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.request.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A role and a division as a caller wrote them in a role or a static role.
 *
 * @param divisionId empty where none was given: the home division is meant
 */
record RequestedPair(String roleId, String divisionId) {
  private static final int LONGEST_SHOWN = 250;
  private static final Set<String> MEMBERS = Set.of("role_id", "division_id");

  /** Whether the home division is meant. */
  boolean inHomeDivision() {
    return divisionId.isEmpty();
  }

  /** Returns the pair with its division. */
  RoleDivision resolved(String homeDivisionId) {
    return pair(roleId, inHomeDivision() ? homeDivisionId : divisionId);
  }

  /** Reads the items of {@code role_divisions}. */
  static List<RequestedPair> parse(List<Object> items) {
    var wanted = new ArrayList<RequestedPair>();
    for (var item : items) {
      switch (item) {
        case String text -> {
          // One more than allowed is enough to be refused.
          for (var part : Texts.split(text, ',', ClientBody.MOST_PAIRS + 2)) {
            wanted.add(parse(part.strip()));
            refuseTooMany(wanted);
          }
        }
        case Map<?, ?> object -> wanted.add(parse(object));
        default -> throw bad(String.valueOf(item));
      }
      refuseTooMany(wanted);
    }
    if (wanted.isEmpty()) {
      throw RefusedException.badInput(
          "role_divisions is empty: Genesys makes no client without a role");
    }
    return List.copyOf(wanted);
  }

  private static void refuseTooMany(List<RequestedPair> wanted) {
    if (wanted.size() > ClientBody.MOST_PAIRS) {
      throw RefusedException.badInput(
          "role_divisions has more than %d pairs; no more are allowed"
              .formatted(ClientBody.MOST_PAIRS));
    }
  }

  private static RequestedPair parse(String text) {
    if (text.startsWith("{")) {
      throw RefusedException.badInput(
          "role_divisions holds JSON as text: send the whole request as JSON, or use roleId:divisionId");
    }
    int colon = text.indexOf(':');
    return colon < 0
        ? checked(text, "", text)
        : checked(text.substring(0, colon), text.substring(colon + 1), text);
  }

  private static RequestedPair parse(Map<?, ?> object) {
    for (var member : object.keySet()) {
      if (!(member instanceof String name) || !MEMBERS.contains(name)) {
        throw RefusedException.badInput(
            "role_divisions holds an object with the member %s; known are %s"
                .formatted(
                    Texts.cut(String.valueOf(member), LONGEST_SHOWN), new TreeSet<>(MEMBERS)));
      }
    }
    var role = object.get("role_id") instanceof String text ? text.strip() : "";
    var division = object.get("division_id") instanceof String text ? text.strip() : "";
    return checked(role, division, String.valueOf(object));
  }

  private static RequestedPair checked(String roleId, String divisionId, String shown) {
    if (roleId.isEmpty()) {
      throw bad(shown);
    }
    var _ = pair(roleId, divisionId.isEmpty() ? RoleDivision.ALL_DIVISIONS : divisionId);
    return new RequestedPair(roleId, divisionId);
  }

  private static RoleDivision pair(String roleId, String divisionId) {
    try {
      return new RoleDivision(roleId, divisionId);
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput("role_divisions: " + e.getMessage());
    }
  }

  private static RefusedException bad(String shown) {
    return RefusedException.badInput(
        "role_divisions holds \"%s\"; must be roleId:divisionId, roleId:* or roleId, or an object with role_id and division_id"
            .formatted(Texts.cut(shown, LONGEST_SHOWN)));
  }
}
