package dev.genesysvault.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Part of a static credential's document: one rotation, from when it is asked for to the switch.
 *
 * @param reason why
 * @param allowsOutage whether the current client goes even when no successor can be made
 * @param asked when it was asked for, or due
 * @param finishBy when its predecessor must be decommissioned, or somebody has to look
 * @param requests ids by which somebody asked for it: the first, and the latest; at most {@link
 *     #MOST_REQUESTS}
 * @param askers who asked for it: who began it, and the latest; at most {@link #MOST_REQUESTS};
 *     empty for its schedule
 * @param others how many asked in between, and are not kept
 * @param unknown members of a later version
 */
public record RotationRun(
    Reason reason,
    boolean allowsOutage,
    Instant asked,
    Instant finishBy,
    List<String> requests,
    List<Asker> askers,
    int others,
    Map<String, Object> unknown) {
  /** How many are kept of those who joined, and of their ids. */
  public static final int MOST_REQUESTS = 10;

  /** Copies the lists, and keeps the first and the latest. */
  public RotationRun {
    others += Math.max(0, askers.size() - MOST_REQUESTS);
    requests = firstAndLatest(requests);
    askers = firstAndLatest(askers);
  }

  /** Who goes on asking must not push out who began. */
  private static <T> List<T> firstAndLatest(List<T> all) {
    int over = all.size() - MOST_REQUESTS;
    return over <= 0
        ? List.copyOf(all)
        : Stream.concat(Stream.of(all.getFirst()), all.subList(over + 1, all.size()).stream())
            .toList();
  }

  /** Makes one of this version, which nobody has given an id. */
  public RotationRun(Reason reason, boolean allowsOutage, Instant asked, Instant finishBy) {
    this(reason, allowsOutage, asked, finishBy, List.of(), List.of(), 0, Map.of());
  }

  /** Returns this rotation for another reason. */
  public RotationRun as(Reason another, boolean evenWithAnOutage) {
    return new RotationRun(
        another, evenWithAnOutage, asked, finishBy, requests, askers, others, unknown);
  }

  /** Returns this rotation, for which somebody asked. */
  public RotationRun askedBy(Asker asker) {
    var all = Stream.concat(askers.stream(), Stream.of(asker)).toList();
    return new RotationRun(reason, allowsOutage, asked, finishBy, requests, all, others, unknown);
  }

  /** Returns this rotation, for which somebody asked by that id; an empty one is none. */
  public RotationRun askedAs(String request) {
    if (request.isEmpty() || requests.contains(request)) {
      return this;
    }
    var all = Stream.concat(requests.stream(), Stream.of(request)).toList();
    return new RotationRun(reason, allowsOutage, asked, finishBy, all, askers, others, unknown);
  }

  /** Why a credential is rotated. */
  public enum Reason {
    /** The role has no client yet. */
    INITIAL,
    /** Its time has come. */
    SCHEDULED,
    /** Somebody asked for it. */
    MANUAL,
    /** Somebody asked for it, and the predecessor goes without a grace period. */
    EMERGENCY;

    /** Returns the word that paths show. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns this rotation, which may take longer than planned. */
  public RotationRun longerBy(Duration extra) {
    return new RotationRun(
        reason, allowsOutage, asked, finishBy.plus(extra), requests, askers, others, unknown);
  }

  static RotationRun read(Members members) {
    return new RotationRun(
        members.choice("reason", text -> Reason.valueOf(text.toUpperCase(Locale.ROOT))),
        members.flag("allows_outage"),
        members.instant("asked").orElseThrow(() -> missing("asked")),
        members.instant("finish_by").orElseThrow(() -> missing("finish_by")),
        members.texts("requests"),
        members.list("askers", Asker::read),
        members.number("askers_others").orElse(0),
        members.rest());
  }

  private static IllegalArgumentException missing(String member) {
    return new IllegalArgumentException(member + " is missing");
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("reason", reason.word());
    members.put("allows_outage", allowsOutage);
    members.put("asked", asked.toString());
    members.put("finish_by", finishBy.toString());
    if (!requests.isEmpty()) {
      members.put("requests", requests);
    }
    if (!askers.isEmpty()) {
      members.put("askers", askers.stream().map(Asker::members).toList());
    }
    if (others > 0) {
      members.put("askers_others", others);
    }
    members.putAll(unknown);
    return members;
  }
}
