package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that has switched.
 *
 * @param reason why, as paths show it
 * @param from the client before; null for the first one
 * @param to the client since
 * @param switched when readers began to get it
 * @param ended when the former one was gone, or let go; null where it is not yet
 */
public record PastRotation(
    String reason,
    @Nullable ClientId from,
    ClientId to,
    Instant switched,
    @Nullable Instant ended) {

  /** Returns this rotation, whose former client is gone. */
  public PastRotation endedAt(Instant time) {
    return new PastRotation(reason, from, to, switched, time);
  }

  static PastRotation read(Members members) {
    var from = members.textOr("from", "");
    return new PastRotation(
        members.text("reason"),
        from.isEmpty() ? null : new ClientId(from),
        new ClientId(members.text("to")),
        members.instant("switched").orElse(Instant.EPOCH),
        members.instant("ended").orElse(null));
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("reason", reason);
    if (from != null) {
      members.put("from", from.value());
    }
    members.put("to", to.value());
    members.put("switched", switched.toString());
    if (ended != null) {
      members.put("ended", ended.toString());
    }
    return members;
  }
}
