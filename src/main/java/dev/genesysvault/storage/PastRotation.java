package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Part of a static credential's document: a rotation that has switched.
 *
 * @param reason why, as paths show it
 * @param from the client before; null for the first one
 * @param to the client since
 * @param switched when readers began to get it
 * @param checks what the client since had shown by then, each as a sentence; kept of the latest
 *     rotation alone
 * @param requests ids by which somebody asked for it
 * @param ended when the former one was gone, or let go; null where it is not yet
 * @param account what {@code history/} is told beside that; null for one of a version that kept
 *     none
 * @param unknown members of a later version
 */
public record PastRotation(
    String reason,
    @Nullable ClientId from,
    ClientId to,
    Instant switched,
    List<String> checks,
    List<String> requests,
    @Nullable Instant ended,
    @Nullable RotationAccount account,
    Map<String, Object> unknown) {
  /** The reason of the first one, where somebody else had made the client. */
  public static final String IMPORTED = "imported";

  /** Copies the lists. */
  public PastRotation {
    checks = List.copyOf(checks);
    requests = List.copyOf(requests);
  }

  /** Makes one of this version, whose former client is there. */
  public PastRotation(
      String reason,
      @Nullable ClientId from,
      ClientId to,
      Instant switched,
      List<String> checks,
      List<String> requests,
      @Nullable RotationAccount account) {
    this(reason, from, to, switched, checks, requests, null, account, Map.of());
  }

  /** Whether {@code history/} has still to be told of it. */
  public boolean untold() {
    return account != null && !account.told();
  }

  /** Returns this rotation, of which {@code history/} knows. */
  public PastRotation told() {
    return account == null ? this : with(account.told(true));
  }

  private PastRotation with(@Nullable RotationAccount another) {
    return new PastRotation(reason, from, to, switched, checks, requests, ended, another, unknown);
  }

  /** Returns this rotation, whose client has shown one thing more. */
  public PastRotation showing(String check) {
    var all = Stream.concat(checks.stream(), Stream.of(check)).toList();
    var another = account == null ? null : account.told(false);
    return new PastRotation(reason, from, to, switched, all, requests, ended, another, unknown);
  }

  /** Returns this rotation, of which one thing more was late. */
  public PastRotation late(String what) {
    return account == null ? this : with(account.late(what));
  }

  /** Returns this rotation, whose former client was let go. */
  public PastRotation releasedAt(Instant time) {
    return (account == null ? this : with(account.releasing())).endedAt(time);
  }

  /** Returns this rotation, which is not the latest any more. */
  public PastRotation older() {
    var brief = account == null ? null : account.brief();
    return new PastRotation(reason, from, to, switched, List.of(), requests, ended, brief, unknown);
  }

  /** Returns this rotation, whose former client is gone. */
  public PastRotation endedAt(Instant time) {
    return new PastRotation(reason, from, to, switched, checks, requests, time, account, unknown);
  }

  static PastRotation read(Members members) {
    var from = members.textOr("from", "");
    return new PastRotation(
        members.text("reason"),
        from.isEmpty() ? null : new ClientId(from),
        new ClientId(members.text("to")),
        members.instant("switched").orElse(Instant.EPOCH),
        members.texts("checks"),
        members.texts("requests"),
        members.instant("ended").orElse(null),
        members.in("account").map(RotationAccount::read).orElse(null),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("reason", reason);
    if (from != null) {
      members.put("from", from.value());
    }
    members.put("to", to.value());
    members.put("switched", switched.toString());
    if (!checks.isEmpty()) {
      members.put("checks", checks);
    }
    if (!requests.isEmpty()) {
      members.put("requests", requests);
    }
    if (ended != null) {
      members.put("ended", ended.toString());
    }
    if (account != null) {
      members.put("account", account.members());
    }
    members.putAll(unknown);
    return members;
  }
}
