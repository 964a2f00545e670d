package dev.genesysvault.storage;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Part of a static credential's document: what {@code history/} is told of a rotation beside what
 * the credential itself shows.
 *
 * @param id of its document below {@code history/<role>/}: from when it was asked for and from the
 *     key of the client that goes, so that the same rotation always has the same one
 * @param asked when it was asked for, or due
 * @param askers who asked for it, the one who began it first; empty for its schedule
 * @param others how many asked beside those, and are not kept
 * @param late what was late and why, each as a sentence
 * @param released whether the former client was let go, and not ended
 * @param told whether {@code history/} has it
 * @param unknown members of a later version
 */
public record RotationAccount(
    String id,
    Instant asked,
    List<Asker> askers,
    int others,
    List<String> late,
    boolean released,
    boolean told,
    Map<String, Object> unknown) {
  /** Copies the lists. */
  public RotationAccount {
    askers = List.copyOf(askers);
    late = List.copyOf(late);
  }

  /** Makes one of this version, of which {@code history/} does not know. */
  public RotationAccount(String id, Instant asked, List<Asker> askers, List<String> late) {
    this(id, asked, askers, 0, late, false, false, Map.of());
  }

  /** Returns this account, of which {@code history/} knows or has to be told. */
  public RotationAccount told(boolean is) {
    return new RotationAccount(id, asked, askers, others, late, released, is, unknown);
  }

  /** Returns what is still of use here once {@code history/} knows the rest. */
  RotationAccount brief() {
    return told
        ? new RotationAccount(id, asked, List.of(), 0, List.of(), released, true, unknown)
        : this;
  }

  /** Returns this account of a rotation whose former client was let go. */
  public RotationAccount releasing() {
    return new RotationAccount(id, asked, askers, others, late, true, false, unknown);
  }

  /** Returns this account, for which so many asked beside those that are kept. */
  public RotationAccount besides(int count) {
    return new RotationAccount(id, asked, askers, count, late, released, told, unknown);
  }

  /** Returns this account of a rotation of which one thing more was late, which is to be told. */
  public RotationAccount late(String what) {
    var all = Stream.concat(late.stream(), Stream.of(what)).toList();
    return new RotationAccount(id, asked, askers, others, all, released, false, unknown);
  }

  static RotationAccount read(Members members) {
    return new RotationAccount(
        members.text("id"),
        members.instant("asked").orElse(Instant.EPOCH),
        members.list("askers", Asker::read),
        members.number("askers_others").orElse(0),
        members.texts("late"),
        members.flag("released"),
        members.flag("told"),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("id", id);
    members.put("asked", asked.toString());
    if (!askers.isEmpty()) {
      members.put("askers", askers.stream().map(Asker::members).toList());
    }
    if (others > 0) {
      members.put("askers_others", others);
    }
    if (!late.isEmpty()) {
      members.put("late", late);
    }
    if (released) {
      members.put("released", true);
    }
    members.put("told", told);
    members.putAll(unknown);
    return members;
  }
}
