package dev.genesysvault.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Part of a static credential's document: one rotation, from when it is asked for to the switch.
 *
 * @param reason why
 * @param allowsOutage whether the current client goes even when no successor can be made
 * @param asked when it was asked for, or due
 * @param finishBy when its predecessor must be decommissioned, or somebody has to look
 * @param unknown members of a later version
 */
public record RotationRun(
    Reason reason,
    boolean allowsOutage,
    Instant asked,
    Instant finishBy,
    Map<String, Object> unknown) {

  /** Makes one of this version. */
  public RotationRun(Reason reason, boolean allowsOutage, Instant asked, Instant finishBy) {
    this(reason, allowsOutage, asked, finishBy, Map.of());
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
    return new RotationRun(reason, allowsOutage, asked, finishBy.plus(extra), unknown);
  }

  static RotationRun read(Members members) {
    return new RotationRun(
        members.choice("reason", text -> Reason.valueOf(text.toUpperCase(Locale.ROOT))),
        members.flag("allows_outage"),
        members.instant("asked").orElseThrow(() -> missing("asked")),
        members.instant("finish_by").orElseThrow(() -> missing("finish_by")),
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
    members.putAll(unknown);
    return members;
  }
}
