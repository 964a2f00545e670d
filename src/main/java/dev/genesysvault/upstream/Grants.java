package dev.genesysvault.upstream;

import dev.genesysvault.domain.Pairs;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Texts;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a subject holds at Genesys, as the port shows it.
 *
 * @param pairs its roles and divisions
 * @param policies what those roles allow
 */
public record Grants(Set<RoleDivision> pairs, List<Policy> policies) {
  /** Copies both. */
  public Grants {
    pairs = Set.copyOf(pairs);
    policies = List.copyOf(policies);
  }

  /**
   * One policy of a role; {@code *} stands for everything in any of its parts.
   *
   * @param domain such as {@code oauth}
   * @param entity such as {@code client}
   * @param actions such as {@code add}
   */
  public record Policy(String domain, String entity, Set<String> actions) {
    /** Copies the actions. */
    public Policy {
      actions = Set.copyOf(actions);
    }

    private boolean allows(List<String> parts) {
      return matches(domain, parts.get(0))
          && matches(entity, parts.get(1))
          && (actions.contains("*") || actions.contains(parts.get(2)));
    }

    private static boolean matches(String pattern, String part) {
      return pattern.equals("*") || pattern.equals(part);
    }
  }

  /** Returns those of the wanted pairs that it holds neither there nor in all divisions. */
  public Set<RoleDivision> lacks(Collection<RoleDivision> wanted) {
    return Pairs.missing(Set.copyOf(wanted), pairs);
  }

  /**
   * Whether one of its roles allows something.
   *
   * @param permission such as {@code oauth:client:add}
   */
  public boolean allows(String permission) {
    var parts = Texts.split(permission, ':', 4);
    if (parts.size() != 3) {
      throw new IllegalArgumentException(
          "permission is \"%s\"; must be domain:entity:action".formatted(permission));
    }
    return policies.stream().anyMatch(policy -> policy.allows(parts));
  }
}
