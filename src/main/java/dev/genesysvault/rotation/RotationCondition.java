package dev.genesysvault.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * How the rotations of a mount do.
 *
 * @param loaded whether every static role is known
 * @param known how many are
 * @param rotating how many are in a phase of a rotation
 * @param failing whose last step failed
 * @param overdue of which something should have happened by now and has not
 * @param paused until when none is worked on; empty where they are
 * @param reason why; empty where they are worked on
 */
public record RotationCondition(
    boolean loaded,
    int known,
    long rotating,
    long failing,
    long overdue,
    Optional<Instant> paused,
    String reason) {}
