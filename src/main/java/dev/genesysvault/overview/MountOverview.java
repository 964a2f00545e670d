package dev.genesysvault.overview;

import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.upstream.Reachability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mount as it is now.
 *
 * @param path with a trailing slash; {@code "unknown"} where Vault has not told
 * @param session whether its background work goes on
 * @param genesys what calls have shown; empty while no call was to be made
 * @param budget what is left of its requests; empty while no call was to be made
 * @param clients empty while not every client is known
 * @param rotations empty while not every static role is known
 */
public record MountOverview(
    String path,
    Session session,
    Optional<Reachability.Reading> genesys,
    Optional<RateBudget.Reading> budget,
    Optional<Clients> clients,
    Optional<Rotations> rotations) {
  /**
   * The background work of a mount.
   *
   * @param open whether the plugin holds a session here
   * @param works whether it is open, and not waiting after a failure
   * @param trouble what its work died of lately, one sentence; empty for nothing
   */
  public record Session(boolean open, boolean works, String trouble) {}

  /**
   * The clients of dynamic roles, and former ones of static roles.
   *
   * @param states how many are in which state, by its name; none is not there
   * @param steps how many are to go, by what is done with them next; none is not there
   * @param leaked how many leaked
   * @param failing how many failed at their last step
   * @param oldest how long the one has waited that is to go for longest; zero for none
   * @param unreadable how many records cannot be read
   * @param journalUnusable how many revokes that the plugin wrote down cannot be taken over
   * @param paused until when Genesys is not asked; empty where it is
   * @param trouble why it pauses; empty for no trouble
   */
  public record Clients(
      Map<String, Integer> states,
      Map<String, Integer> steps,
      int leaked,
      int failing,
      Duration oldest,
      int unreadable,
      int journalUnusable,
      Optional<Instant> paused,
      String trouble) {
    /** Every state, from the first to the last in a client's life. */
    public static final List<String> STATES = List.of("creating", "issued", "retiring", "stuck");

    /** Copies the maps. */
    public Clients {
      states = Map.copyOf(states);
      steps = Map.copyOf(steps);
    }
  }

  /**
   * The static roles.
   *
   * @param known how many there are
   * @param phases how many are in which phase, by its name; none is not there
   * @param failing whose last step failed
   * @param overdue of which something should have happened by now
   * @param drifted whose client was last seen gone or inactive
   * @param emergencies whose client leaked and is replaced
   * @param behind entries of destinations that do not hold what they should
   * @param paused until when none is worked on; empty where they are
   * @param trouble why it pauses; empty for no trouble
   */
  public record Rotations(
      int known,
      Map<String, Integer> phases,
      long failing,
      long overdue,
      long drifted,
      long emergencies,
      long behind,
      Optional<Instant> paused,
      String trouble) {
    /** Copies the map. */
    public Rotations {
      phases = Map.copyOf(phases);
    }
  }
}
