package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.upstream.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One mount of the engine. */
final class SimulatedMount {
  final String uuid;
  String path;
  final SimulatedStorage storage;
  final Duration maxLeaseTtl;

  /** What was sent to Vault's event bus. */
  final RecordedEvents events = new RecordedEvents();

  /** What its clients carry; empty before it is configured. */
  String mark = "";

  /** Clients that somebody made, as Genesys answered that, by the static roles that copy them. */
  final Map<String, Map<String, Object>> originals = new LinkedHashMap<>();

  /**
   * When static roles that somebody imported into are to rotate for the first time, unless somebody
   * wants it otherwise since.
   */
  final Map<String, Instant> firstRotations = new LinkedHashMap<>();

  /** Further fields of the static roles that are written. */
  final Map<String, Object> staticFields = new LinkedHashMap<>();

  /** Static roles that somebody has ever read. */
  final Set<String> staticRoles = new LinkedHashSet<>();

  /** What each of them was ever asked to be able to do. */
  final Map<String, Set<Set<String>>> askedPairs = new LinkedHashMap<>();

  /** By when a rotation without a grace that somebody asked for can no more come. */
  final Map<String, Instant> hastyUntil = new LinkedHashMap<>();

  /** By when a deletion of a static role that somebody asked for can no more come. */
  final Map<String, Instant> deletedUntil = new LinkedHashMap<>();

  /** What was said to be left undone since the mount was tainted. */
  final Set<String> leftBehind = new LinkedHashSet<>();

  /** What the destinations are called that static roles have when they are written. */
  final Set<String> destinations = new LinkedHashSet<>();

  /** Whether Vault has ever been told to keep leases until their clients are gone. */
  boolean strict;

  /** Whether somebody may have asked for it to be drained, and nobody has called that off. */
  boolean draining;

  /** How often that began or ended. */
  int drains;

  /** Since when it is drained for certain. */
  Optional<Instant> drained = Optional.empty();

  boolean tainted;
  boolean disabled;

  /** How many entries the present plugin process has written to the journal. */
  long journaled;

  SimulatedMount(String uuid, String path, SimulatedStorage storage, Duration maxLeaseTtl) {
    this.uuid = uuid;
    this.path = path;
    this.storage = storage;
    this.maxLeaseTtl = maxLeaseTtl;
  }

  /** Returns the client that a static role copies, or adopts. */
  Map<String, Object> original(String role) {
    return Optional.ofNullable(originals.get(role)).orElseThrow();
  }

  /** Returns what the plugin tells the sidecar of it. */
  Mount facts(boolean withTainted) {
    return new Mount(
        uuid,
        path,
        true,
        Optional.of(Duration.ofHours(1)),
        Optional.of(maxLeaseTtl),
        withTainted ? Optional.of(tainted) : Optional.empty());
  }

  /** Returns Vault's event bus, at which nothing goes wrong and nobody waits. */
  Events events(Scheduler scheduler) {
    return (type, metadata) -> {
      scheduler.trace("bus", type + " " + new TreeMap<>(metadata));
      events.send(type, metadata);
    };
  }

  @Override
  public String toString() {
    return path;
  }
}
