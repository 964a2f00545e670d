package dev.genesysvault.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The document of one cause of an alarm and one receiver: what the receiver has to be told of it.
 * There until the receiver has confirmed that the cause is over.
 *
 * @param id tells it from whatever else was kept of the same cause before
 * @param alarm the kind of alarm, by its word
 * @param subject what it is about; empty for the mount as a whole
 * @param since when it began
 * @param detail what was seen when this was written
 * @param count how often it has begun since the receiver was last told that it is over; from 1
 * @param told the revision of the receiver that has confirmed that it stands; empty for none
 * @param ended when it was seen to be over; null while it stands
 * @param unknown members of a later version
 */
public record AlertEntry(
    String id,
    String alarm,
    String subject,
    Instant since,
    String detail,
    int count,
    String told,
    @Nullable Instant ended,
    Map<String, Object> unknown) {
  /** Makes one of a cause that was just seen. */
  public static AlertEntry begun(
      String id, String alarm, String subject, Instant since, String detail) {
    return new AlertEntry(id, alarm, subject, since, detail, 1, "", null, Map.of());
  }

  /** Returns this one where its cause stands again. */
  public AlertEntry again(Instant newSince, String newDetail) {
    return new AlertEntry(id, alarm, subject, newSince, newDetail, count + 1, "", null, unknown);
  }

  /** Returns this one with what was seen last. */
  public AlertEntry with(String newDetail) {
    return new AlertEntry(id, alarm, subject, since, newDetail, count, told, ended, unknown);
  }

  /** Returns this one once its cause is over. */
  public AlertEntry over(Instant now) {
    return new AlertEntry(id, alarm, subject, since, detail, count, told, now, unknown);
  }

  /** Returns this one once the receiver of a revision knows that its cause stands. */
  public AlertEntry confirmed(String revision) {
    return new AlertEntry(id, alarm, subject, since, detail, count, revision, ended, unknown);
  }

  /** Whether it is about the whole mount, and about no single thing of it. */
  public boolean ofMount() {
    return subject.isEmpty();
  }

  /** Whether somebody was told that it stands, and nobody yet that it is over. */
  public boolean wasTold() {
    return !told.isEmpty();
  }

  /** Whether a receiver of a revision does not know all yet. */
  public boolean waits(String revision) {
    return ended != null || !told.equals(revision);
  }

  static final Codec<AlertEntry> CODEC =
      new Codec<>() {
        @Override
        public AlertEntry read(Members members) {
          return new AlertEntry(
              members.textOr("id", ""),
              members.text("alarm"),
              members.textOr("subject", ""),
              members.instant("since").orElse(Instant.EPOCH),
              members.textOr("detail", ""),
              members.number("count").orElse(1),
              members.textOr("told", ""),
              members.instant("ended").orElse(null),
              members.rest());
        }

        @Override
        public void write(AlertEntry entry, Map<String, Object> members) {
          members.put("id", entry.id);
          members.put("alarm", entry.alarm);
          members.put("subject", entry.subject);
          members.put("since", entry.since.toString());
          members.put("detail", entry.detail);
          members.put("count", entry.count);
          members.put("told", entry.told);
          var text = Optional.ofNullable(entry.ended).map(Instant::toString);
          text.ifPresent(end -> members.put("ended", end));
          members.putAll(entry.unknown);
        }
      };
}
