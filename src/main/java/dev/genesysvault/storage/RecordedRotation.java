package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A document of {@code history/<role>/}: one rotation of a static role, for whoever audits. Two
 * tasks write it, who switches readers and who ends the former client, in either order; each adds
 * what it knows and takes nothing away.
 *
 * @param reason why: initial, scheduled, manual, emergency, imported, missed (its window passed) or
 *     deleted (the role)
 * @param asked when it was asked for, or due
 * @param askers who asked for it, the one who began it first; empty for its schedule
 * @param others how many asked beside those, and are not kept
 * @param requests ids that those gave it who asked
 * @param from the client before; null for none
 * @param to the client since; null for none
 * @param switched when readers began to get that one; null where they did not
 * @param checks what that one had shown by then, each as a sentence
 * @param handedOver when the former client's grace was over, so that its end was begun
 * @param deactivated by when Genesys had deactivated the former client; null where it has not, or
 *     where nobody saw it before it was deleted
 * @param deleted by when the former client was deleted, or let go
 * @param released whether the former client was let go, and lives on
 * @param foundDeleted whether Genesys did not have the former client any more when it was to be
 *     ended
 * @param late what was late and why, each as a sentence
 * @param unknown members of a later version
 */
public record RecordedRotation(
    String reason,
    Instant asked,
    List<Asker> askers,
    int others,
    List<String> requests,
    @Nullable ClientId from,
    @Nullable ClientId to,
    @Nullable Instant switched,
    List<String> checks,
    @Nullable Instant handedOver,
    @Nullable Instant deactivated,
    @Nullable Instant deleted,
    boolean released,
    boolean foundDeleted,
    List<String> late,
    Map<String, Object> unknown) {
  /** The reason of one that was not done within its window. */
  public static final String MISSED = "missed";

  /** The reason where a static role was deleted. */
  public static final String DELETED = "deleted";

  /** How many sentences are kept of what was late. */
  public static final int MOST_LATE = 10;

  /** Copies the lists, and keeps the first of what was late. */
  public RecordedRotation {
    askers = List.copyOf(askers);
    requests = List.copyOf(requests);
    checks = List.copyOf(checks);
    late = List.copyOf(late.subList(0, Math.min(late.size(), MOST_LATE)));
  }

  /** Returns what a credential's own document tells of a rotation that has switched. */
  public static RecordedRotation of(PastRotation past, RotationAccount account) {
    return new RecordedRotation(
        past.reason(),
        account.asked(),
        account.askers(),
        account.others(),
        past.requests(),
        past.from(),
        past.to(),
        past.switched(),
        past.checks(),
        null,
        null,
        past.ended(),
        account.released(),
        false,
        account.late(),
        Map.of());
  }

  /**
   * Returns one without a switch: a window that passed, or a deletion.
   *
   * @param from the client that readers got
   */
  public static RecordedRotation of(
      String reason, RotationAccount account, @Nullable ClientId from) {
    return new RecordedRotation(
        reason,
        account.asked(),
        account.askers(),
        account.others(),
        List.of(),
        from,
        null,
        null,
        List.of(),
        null,
        null,
        null,
        false,
        false,
        account.late(),
        Map.of());
  }

  /**
   * Returns this one with what an earlier write of the same rotation knew and this one does not.
   */
  public RecordedRotation over(RecordedRotation before) {
    return new RecordedRotation(
        reason,
        asked,
        askers.isEmpty() ? before.askers : askers,
        askers.isEmpty() ? before.others : others,
        requests.isEmpty() ? before.requests : requests,
        from == null ? before.from : from,
        to == null ? before.to : to,
        first(before.switched, switched),
        checks.isEmpty() ? before.checks : checks,
        first(before.handedOver, handedOver),
        first(before.deactivated, deactivated),
        first(before.deleted, deleted),
        released || before.released,
        foundDeleted || before.foundDeleted,
        union(before.late, late),
        before.unknown);
  }

  /**
   * Returns this one with what became of the former client.
   *
   * @param letGo whether it was let go
   * @param found whether it was gone before anything was done to it
   * @param wasLate what was late and why
   */
  public RecordedRotation ended(
      @Nullable Instant handed,
      @Nullable Instant dead,
      @Nullable Instant gone,
      boolean letGo,
      boolean found,
      List<String> wasLate) {
    return new RecordedRotation(
        reason,
        asked,
        askers,
        others,
        requests,
        from,
        to,
        switched,
        checks,
        first(handedOver, handed),
        first(deactivated, dead),
        first(deleted, gone),
        released || letGo,
        foundDeleted || found,
        union(late, wasLate),
        unknown);
  }

  /** Whether its former client has not come to its end, as far as is known. */
  public boolean open() {
    return from != null && deleted == null && !reason.equals(MISSED);
  }

  /** Returns when the last of what it tells happened. */
  public Instant lastDone() {
    return Stream.of(asked, switched, handedOver, deactivated, deleted)
        .filter(Objects::nonNull)
        .max(Instant::compareTo)
        .orElse(asked);
  }

  private static @Nullable Instant first(@Nullable Instant known, @Nullable Instant other) {
    return known == null ? other : known;
  }

  private static List<String> union(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  static final Codec<RecordedRotation> CODEC =
      new Codec<>() {
        @Override
        public RecordedRotation read(Members members) {
          return new RecordedRotation(
              members.text("reason"),
              members.instant("asked").orElse(Instant.EPOCH),
              members.list("asked_by", Asker::read),
              members.number("asked_by_others").orElse(0),
              members.texts("requests"),
              id(members.textOr("from", "")),
              id(members.textOr("to", "")),
              members.instant("switched").orElse(null),
              members.texts("checks"),
              members.instant("handed_over").orElse(null),
              members.instant("deactivated").orElse(null),
              members.instant("deleted").orElse(null),
              members.flag("released"),
              members.flag("found_deleted"),
              members.texts("late"),
              members.rest());
        }

        @Override
        public void write(RecordedRotation rotation, Map<String, Object> members) {
          members.put("reason", rotation.reason);
          members.put("asked", rotation.asked.toString());
          members.put("asked_by", rotation.askers.stream().map(Asker::members).toList());
          if (rotation.others > 0) {
            members.put("asked_by_others", rotation.others);
          }
          members.put("requests", rotation.requests);
          var known = new LinkedHashMap<String, @Nullable Object>();
          known.put("from", rotation.from == null ? null : rotation.from.value());
          known.put("to", rotation.to == null ? null : rotation.to.value());
          known.put("switched", text(rotation.switched));
          known.put("handed_over", text(rotation.handedOver));
          known.put("deactivated", text(rotation.deactivated));
          known.put("deleted", text(rotation.deleted));
          known.forEach((name, value) -> {
            if (value != null) {
              members.put(name, value);
            }
          });
          members.put("checks", rotation.checks);
          members.put("released", rotation.released);
          if (rotation.foundDeleted) {
            members.put("found_deleted", true);
          }
          members.put("late", rotation.late);
          members.putAll(rotation.unknown);
        }

        private static @Nullable ClientId id(String text) {
          return text.isEmpty() ? null : new ClientId(text);
        }

        private static @Nullable String text(@Nullable Instant time) {
          return time == null ? null : time.toString();
        }
      };
}
