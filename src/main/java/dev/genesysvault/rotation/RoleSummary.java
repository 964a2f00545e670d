package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.RetiredClient;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RotationQueue} and overviews know of a static credential, without its secrets.
 *
 * @param reason why a rotation is under way; empty for none
 * @param clientId of the present client; empty for none
 * @param formerId of the client before, which readers may hold until its grace is over; empty for
 *     none
 * @param clientIds ids of the present client, the one before and the next one
 * @param otherIds ids of clients that it lets go, and of those that it adopted, as far as its
 *     history goes
 * @param behind the entries of destinations that do not hold the present client, as far as is
 *     known, by {@link Deliveries#place}
 * @param behindSince since when the first of those waits that nobody else has written to; null for
 *     none
 * @param drifted the entries of destinations that somebody else has written to, as far as is known
 * @param watch when something may be overdue for the first time; {@link Instant#MAX} for never
 * @param rotations when readers got another client in the {@link #REMEMBERED} before the last time,
 *     that one included, as far as the history goes
 */
public record RoleSummary(
    Phase phase,
    String reason,
    String clientId,
    String formerId,
    @Nullable Instant lastRotation,
    @Nullable Instant nextRotation,
    @Nullable Instant graceEnd,
    List<ClientId> clientIds,
    List<ClientId> otherIds,
    List<String> behind,
    @Nullable Instant behindSince,
    List<String> drifted,
    Instant watch,
    List<Instant> rotations) {
  /** How far back rotations are remembered from the last one on. */
  static final Duration REMEMBERED = Duration.ofDays(91);

  static final RoleSummary UNKNOWN =
      new RoleSummary(
          Phase.IDLE,
          "",
          "",
          "",
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          null,
          List.of(),
          Instant.MAX,
          List.of());

  /** Of what cannot be read: it may have any client. */
  static final RoleSummary UNREADABLE =
      new RoleSummary(
          Phase.IDLE,
          "",
          "",
          "",
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          null,
          List.of(),
          Instant.MAX,
          List.of());

  /** A rotation that begins when it is due is not worth a look. */
  private static final Duration BEGINS_WITHIN = Duration.ofMinutes(1);

  /** Copies the lists. */
  public RoleSummary {
    clientIds = List.copyOf(clientIds);
    otherIds = List.copyOf(otherIds);
    behind = List.copyOf(behind);
    drifted = List.copyOf(drifted);
    rotations = List.copyOf(rotations);
  }

  /** Returns what an overview shows of a credential. */
  public static RoleSummary of(StaticCredential credential) {
    return new RoleSummary(
        credential.phase(),
        Optional.ofNullable(credential.run()).map(run -> run.reason().word()).orElse(""),
        Optional.ofNullable(credential.current())
            .map(generation -> generation.clientId())
            .map(ClientId::value)
            .orElse(""),
        former(credential),
        credential.lastRotation(),
        credential.nextRotation(),
        credential.graceEnd(),
        credential.clientIds(),
        Stream.concat(
                credential.releases().stream().map(Release::clientId),
                credential.adoptedIds().stream())
            .toList(),
        Deliveries.behind(credential),
        Deliveries.behindSince(credential).orElse(null),
        Deliveries.drifted(credential),
        watch(credential),
        rotations(credential));
  }

  private static List<Instant> rotations(StaticCredential credential) {
    var last = credential.lastRotation();
    return last == null
        ? List.of()
        : credential.history().stream()
            .filter(past -> !past.reason().equals(PastRotation.IMPORTED))
            .map(PastRotation::switched)
            .filter(at -> at.isAfter(last.minus(REMEMBERED)))
            .toList();
  }

  /** Nobody may rely on what leaked, and what an outage left behind is ended already. */
  private static String former(StaticCredential credential) {
    return Optional.ofNullable(credential.previous())
        .filter(_ -> credential.phase() == Phase.GRACE && !credential.emergency())
        .map(generation -> generation.clientId())
        .map(ClientId::value)
        .orElse("");
  }

  /** Whether its readers may hold that client. */
  boolean handsOut(ClientId id) {
    return id.value().equals(clientId) || id.value().equals(formerId);
  }

  /** Whether it has, lets go or once adopted that client. */
  boolean concerns(ClientId id) {
    return clientIds.contains(id) || otherIds.contains(id);
  }

  /** Whether a rotation is under way since its client leaked. */
  boolean emergency() {
    return reason.equals(Reason.EMERGENCY.word());
  }

  /** Whether its last rotation lies ahead, since the clock was put back. */
  boolean rotatedAfter(Instant now) {
    return lastRotation != null && lastRotation.isAfter(now);
  }

  private static Instant watch(StaticCredential credential) {
    var run = credential.run();
    var due = credential.nextRotation();
    var begun = due == null ? Instant.MAX : due.plus(BEGINS_WITHIN);
    var own = run == null ? begun : run.finishBy();
    return Stream.concat(Stream.of(own), credential.retired().stream().map(RetiredClient::finishBy))
        .min(Instant::compareTo)
        .orElse(own);
  }
}
