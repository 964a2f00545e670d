package dev.genesysvault.domain;

import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares sets of role and division pairs. Ids agree without regard to case, as UUIDs do, and a
 * role in all divisions is the same as in all of them and some.
 */
public final class Pairs {
  private Pairs() {}

  /** Returns those of the wanted pairs that the others do not give, sorted. */
  public static Set<RoleDivision> missing(Set<RoleDivision> wanted, Set<RoleDivision> given) {
    if (wanted.equals(given)) {
      return Set.of();
    }
    var lower = new HashSet<RoleDivision>();
    given.forEach(pair -> lower.add(lowerCase(pair)));
    var missing = new TreeSet<RoleDivision>();
    for (var pair : wanted) {
      var one = lowerCase(pair);
      boolean there =
          lower.contains(one)
              || lower.contains(new RoleDivision(one.roleId(), RoleDivision.ALL_DIVISIONS));
      if (!there) {
        missing.add(pair);
      }
    }
    return Collections.unmodifiableSet(missing);
  }

  private static RoleDivision lowerCase(RoleDivision pair) {
    return new RoleDivision(
        pair.roleId().toLowerCase(Locale.ROOT), pair.divisionId().toLowerCase(Locale.ROOT));
  }
}
