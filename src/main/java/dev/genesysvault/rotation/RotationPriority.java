package dev.genesysvault.rotation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** In which order a {@link RotationQueue} has static roles worked on. */
enum RotationPriority {
  /**
   * To be looked at, since something may be overdue, and nothing more: first, so that no mass of
   * due roles holds an alarm up. Nothing holds it up, since an alarm is wanted most while nothing
   * goes on.
   */
  WATCH,
  /** To be stepped, since the client leaked: no pause holds it up. */
  EMERGENCY,
  /** To be stepped: whoever has waited longest. */
  STEP;

  /** All of them. */
  static final Set<RotationPriority> ALL =
      Collections.unmodifiableSet(EnumSet.allOf(RotationPriority.class));

  /** Emergencies alone. */
  static final Set<RotationPriority> EMERGENCIES =
      Collections.unmodifiableSet(EnumSet.of(EMERGENCY));

  /** Those of roles that are stepped. */
  static final Set<RotationPriority> STEPS =
      Collections.unmodifiableSet(EnumSet.of(EMERGENCY, STEP));
}
