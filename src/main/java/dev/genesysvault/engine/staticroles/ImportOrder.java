package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.engine.request.ClientIds;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.rotation.RotationSchedule;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants who imports a client.
 *
 * @param credential of the client
 * @param dryRun whether to look only
 * @param rotate whether it is succeeded at once
 * @param takeOver whether the mark of another mount is no obstacle
 * @param keepImported whether it lives on after its first rotation
 * @param wishedRotation when it is succeeded for the first time; null for when it is due by itself
 */
record ImportOrder(
    Credential credential,
    boolean dryRun,
    boolean rotate,
    boolean takeOver,
    boolean keepImported,
    @Nullable Instant wishedRotation) {
  private static final String FIRST = "first_rotation";

  /**
   * Reads it.
   *
   * @throws RefusedException if a field is missing, or two of them contradict each other
   */
  static ImportOrder of(Fields fields) {
    boolean rotate = fields.flagOrDefault("rotate");
    var wished = fields.text(FIRST).filter(text -> !text.isEmpty()).map(ImportOrder::time);
    if (rotate && wished.isPresent()) {
      throw RefusedException.badInput(
          "rotate=true and first_rotation are both given; give one of them");
    }
    return new ImportOrder(
        credential(fields),
        fields.flagOrDefault("dry_run"),
        rotate,
        fields.flagOrDefault("take_over"),
        fields.flagOrDefault("keep_imported"),
        wished.orElse(null));
  }

  private static Credential credential(Fields fields) {
    var id =
        fields
            .text("client_id")
            .filter(text -> !text.isEmpty())
            .map(ClientIds.clientId("client_id"))
            .orElseThrow(() -> RefusedException.badInput("client_id is missing"));
    var secret =
        fields
            .rawText("client_secret")
            .filter(text -> !text.isBlank())
            .map(Secret::of)
            .orElseThrow(() -> RefusedException.badInput("client_secret is missing"));
    return new Credential(id, secret);
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw RefusedException.badInput(
          "%s is \"%s\"; must be a time with its offset, such as 2026-03-01T02:30:00Z"
              .formatted(FIRST, text));
    }
  }

  /**
   * Returns when the client is due to be succeeded.
   *
   * @throws RefusedException if what is wished is not within one period from now, or slots say when
   */
  Instant firstRotation(RotationSchedule schedule, StaticRole role, Instant now) {
    var wished = wishedRotation;
    if (wished == null) {
      return schedule.nextAfter(now);
    }
    if (role.timing().scheduled()) {
      throw RefusedException.badInput(
          "%s goes with rotation_period, and this static role has a rotation_schedule, which says when: leave it out"
              .formatted(FIRST));
    }
    var latest = schedule.latestAfter(now);
    // Callers have seconds.
    if (wished.isBefore(now.truncatedTo(ChronoUnit.SECONDS)) || wished.isAfter(latest)) {
      throw RefusedException.badInput(
          "%s is %s; must be from now, %s, to one rotation_period from now, %s"
              .formatted(
                  FIRST,
                  wished,
                  now.truncatedTo(ChronoUnit.SECONDS),
                  latest.truncatedTo(ChronoUnit.SECONDS)));
    }
    return wished;
  }

  /**
   * Whether a static role has adopted this client already: it has it with this secret, or once had
   * it, as far as its history goes.
   */
  boolean isDone(StaticCredential stored) {
    var current = stored.current();
    if (current == null || stored.phase() == Phase.DELETING) {
      return false;
    }
    if (!credential.id().equals(current.clientId())) {
      return stored.adoptedIds().contains(credential.id());
    }
    return Optional.ofNullable(current.secret()).filter(credential.secret()::sameAs).isPresent();
  }

  /** Says that it is done already, and what the static role has now. */
  String done(String name, StaticCredential stored) {
    var current = Optional.ofNullable(stored.current()).map(it -> it.clientId()).orElse(null);
    return credential.id().equals(current)
        ? "static role %s has client %s already: nothing was changed".formatted(name, current)
        : "static role %s adopted client %s before, and client %s has succeeded it: nothing was changed"
            .formatted(name, credential.id(), current);
  }
}
