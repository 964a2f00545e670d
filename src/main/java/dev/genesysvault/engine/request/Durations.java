package dev.genesysvault.engine.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long leases and tokens live, as a request and its mount say. */
public final class Durations {
  static final Duration SHORTEST_TOKEN = Duration.ofMinutes(5);
  static final Duration LONGEST_TOKEN = Duration.ofDays(2);

  /** Longest life of a token whose role says nothing: tokens outlive the lease by as much. */
  private static final Duration LONGEST_UNASKED_TOKEN = Duration.ofDays(1);

  private Durations() {}

  /** What a lease is granted. */
  public record Granted(Duration ttl, Duration maxTtl, List<String> warnings) {}

  public static void checkOrder(Duration ttl, Duration maxTtl) {
    if (maxTtl.isPositive() && ttl.compareTo(maxTtl) > 0) {
      throw RefusedException.badInput(
          "ttl is %d seconds and max_ttl %d; ttl must not be the longer one"
              .formatted(ttl.toSeconds(), maxTtl.toSeconds()));
    }
  }

  public static void checkTokenValidity(Duration validity) {
    if (validity.isZero()) {
      return;
    }
    if (validity.compareTo(SHORTEST_TOKEN) < 0 || validity.compareTo(LONGEST_TOKEN) > 0) {
      throw RefusedException.badInput(
          "access_token_validity is %d seconds; must be %d to %d, or 0 to follow the lease"
              .formatted(
                  validity.toSeconds(), SHORTEST_TOKEN.toSeconds(), LONGEST_TOKEN.toSeconds()));
    }
  }

  /** Returns how long the tokens of a client live whose lease has this ttl. */
  public static Duration tokenValidity(Duration asked, Duration ttl) {
    if (asked.isPositive()) {
      return asked;
    }
    return least(most(ttl, SHORTEST_TOKEN), LONGEST_UNASKED_TOKEN);
  }

  /**
   * Returns what a lease is granted: the role's wish, else the configuration's, else the mount's,
   * and never more than the mount allows.
   */
  public static Granted granted(
      Duration roleTtl, Duration roleMax, Duration configTtl, Duration configMax, Mount mount) {
    var mountDefault = mount.defaultLeaseTtl();
    var mountMax = mount.maxLeaseTtl();
    if (mountDefault.isEmpty() || mountMax.isEmpty()) {
      throw new RefusedException(
          500, "Vault did not say which lease lifetimes this mount allows: try again");
    }
    var warnings = new ArrayList<String>();
    var wishedMax = firstPositive(roleMax, configMax).orElse(mountMax.get());
    var maxTtl = least(wishedMax, mountMax.get());
    if (maxTtl.compareTo(wishedMax) < 0) {
      warnings.add(
          "max_ttl of %d seconds is more than the mount allows; capped to %d"
              .formatted(wishedMax.toSeconds(), maxTtl.toSeconds()));
    }
    var wished = firstPositive(roleTtl, configTtl);
    var ttl = least(wished.orElse(mountDefault.get()), maxTtl);
    if (wished.isPresent() && ttl.compareTo(wished.get()) < 0) {
      warnings.add(
          "ttl of %d seconds is more than max_ttl; capped to %d"
              .formatted(wished.get().toSeconds(), ttl.toSeconds()));
    }
    return new Granted(ttl, maxTtl, warnings);
  }

  public static Duration least(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  public static Duration most(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Optional<Duration> firstPositive(Duration a, Duration b) {
    if (a.isPositive()) {
      return Optional.of(a);
    }
    return b.isPositive() ? Optional.of(b) : Optional.empty();
  }
}
