package dev.genesysvault.domain;

import java.util.Comparator;

/**
 * A role in a division: what a client may do, and where.
 *
 * @param roleId as Genesys gave it
 * @param divisionId as Genesys gave it, or {@link #ALL_DIVISIONS}
 */
public record RoleDivision(String roleId, String divisionId) implements Comparable<RoleDivision> {
  /** Stands for every division, present and future. */
  public static final String ALL_DIVISIONS = "*";

  private static final Comparator<RoleDivision> ORDER =
      Comparator.comparing(RoleDivision::roleId).thenComparing(RoleDivision::divisionId);

  /** Checks both ids. */
  public RoleDivision {
    Identifiers.checked("role id", roleId);
    if (!divisionId.equals(ALL_DIVISIONS)) {
      Identifiers.checked("division id", divisionId);
    }
  }

  /** Whether it holds in every division. */
  public boolean inAllDivisions() {
    return divisionId.equals(ALL_DIVISIONS);
  }

  @Override
  public int compareTo(RoleDivision other) {
    return ORDER.compare(this, other);
  }

  /** Returns {@code roleId:divisionId}, as paths read and show it. */
  @Override
  public String toString() {
    return roleId + ":" + divisionId;
  }
}
