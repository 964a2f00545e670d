package dev.genesysvault.rotation;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.RetiredClient;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a static role's rotation has reached its end by the time that it should have: the one
 * place that says so, for the alarm as for those who look.
 */
public final class RotationWatch {
  /** Genesys may keep a deactivated client of more than 30 days for a week before it goes. */
  private static final Duration GENESYS_OWN_REST = Duration.ofDays(8);

  private final Time time;
  private final Delays delays;

  /** Makes one, for all mounts. */
  public RotationWatch(Time time, Delays delays) {
    this.time = time;
    this.delays = delays;
  }

  /**
   * What should have happened by a time, and has not.
   *
   * @param deadline that time
   * @param what one sentence for the operator
   * @param former the former client that should be decommissioned; null where it is the rotation
   *     itself that is late
   */
  public record Overdue(Instant deadline, String what, @Nullable ClientKey former) {}

  /**
   * What was seen.
   *
   * @param overdue what is late; empty for nothing
   * @param next when something else may be; {@link Instant#MAX} where nobody knows of anything
   */
  public record Finding(Optional<Overdue> overdue, Instant next) {
    private static final Finding NOTHING = new Finding(Optional.empty(), Instant.MAX);

    private Finding and(Instant deadline, Instant now, String what, @Nullable ClientKey former) {
      return now.isBefore(deadline)
          ? new Finding(overdue, deadline.isBefore(next) ? deadline : next)
          : new Finding(overdue.or(() -> Optional.of(new Overdue(deadline, what, former))), next);
    }
  }

  /** Looks at a role. Reads the record of a former client that should be gone. */
  public Finding look(StaticCredential credential, StaticRole role, ClientRecords records)
      throws InterruptedException {
    var now = time.now();
    var finding = Finding.NOTHING;
    var run = credential.run();
    var due = credential.nextRotation();
    if (run != null) {
      finding = finding.and(run.finishBy(), now, late(run, credential), null);
    } else if (due != null) {
      finding =
          finding.and(
              finishBy(due, role), now, "the rotation of %s has not begun".formatted(due), null);
    }
    for (var retired : credential.retired()) {
      finding =
          now.isBefore(retired.finishBy())
              ? finding.and(retired.finishBy(), now, "", retired.key())
              : lingering(retired, records, finding, now);
    }
    return finding;
  }

  private static String late(RotationRun run, StaticCredential credential) {
    return "the rotation of %s should have ended by %s and is in phase %s"
        .formatted(run.asked(), run.finishBy(), credential.phase().word());
  }

  private static Finding lingering(
      RetiredClient retired, ClientRecords records, Finding finding, Instant now)
      throws InterruptedException {
    Optional<ClientRecord> record;
    try {
      record = records.get(retired.key());
    } catch (StorageException e) {
      if (e.kind() != Kind.UNREADABLE) {
        throw e;
      }
      return finding.and(
          retired.finishBy(),
          now,
          late(retired, retired.finishBy(), String.valueOf(e.getMessage())),
          retired.key());
    }
    if (record.isEmpty()) {
      return finding;
    }
    boolean resting = record.map(ClientRecord::deactivated).isPresent();
    var deadline = resting ? retired.finishBy().plus(GENESYS_OWN_REST) : retired.finishBy();
    return finding.and(deadline, now, late(retired, deadline, why(record.get())), retired.key());
  }

  private static String late(RetiredClient retired, Instant deadline, String why) {
    return "the former client %s should have been decommissioned by %s: %s"
        .formatted(retired.clientId(), deadline, why);
  }

  private static String why(ClientRecord record) {
    return record.lastError().isEmpty()
        ? "the background session has not come to it yet"
        : record.lastError();
  }

  /** Returns by when a rotation that was due then must have ended its predecessor. */
  Instant finishBy(Instant due, StaticRole role) {
    var timing = role.timing();
    return due.plus(timing.grace()).plus(timing.usageWait()).plus(delays.overdue());
  }
}
