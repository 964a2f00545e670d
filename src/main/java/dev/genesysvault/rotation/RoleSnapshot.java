package dev.genesysvault.rotation;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a {@link RotationQueue} shows of one static role.
 *
 * @param summary what was last written or read of it
 * @param due when it is looked at next
 * @param attempts how often its present step has failed
 * @param lastError what failed last; empty for nothing
 * @param overdue what should have happened by now and has not; empty for nothing
 * @param checks what the next client has shown so far
 * @param attempted what failed of its entries of destinations and has not succeeded since, by
 *     {@link Deliveries#place}
 * @param steps how often it was looked at, to wait for the next time
 */
public record RoleSnapshot(
    String name,
    RoleSummary summary,
    Instant due,
    int attempts,
    String lastError,
    String overdue,
    List<Check> checks,
    Map<String, Attempt> attempted,
    long steps) {
  /**
   * What failed of an entry of a destination.
   *
   * @param failures in a row
   * @param error what failed last, and what to do; never holds a secret
   * @param next when it is tried again
   */
  public record Attempt(int failures, String error, Instant next) {}

  /**
   * One thing that a successor has to show before the switch.
   *
   * @param name of the check
   * @param passed whether it did
   * @param detail what was seen; never holds a secret
   */
  public record Check(String name, boolean passed, String detail) {
    /** Returns it as a sentence. */
    public String text() {
      return name + ": " + detail;
    }
  }
}
