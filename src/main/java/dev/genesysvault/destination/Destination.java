package dev.genesysvault.destination;

import java.util.List;

/**
 * One configured place outside of this mount. Each method may be called by several tasks at once,
 * returns by its errand's deadline, and may have had its effect where it says that it could not do
 * something: each is safe to repeat. Texts hold no secret and are of bounded length.
 */
public interface Destination {
  /**
   * Makes an entry hold a value, and reads it back as far as it can be read. Where the entry is
   * seen to hold that very value already, nothing is written.
   */
  Sent send(String entry, Value value, Errand errand) throws InterruptedException;

  /** What came of a sending. */
  sealed interface Sent {
    /**
     * The entry holds the value, as was read back.
     *
     * @param version what the destination calls it; at most 64 characters
     */
    record Confirmed(String version) implements Sent {}

    /** Nobody knows that it does. */
    record Failed(DestinationFailure failure) implements Sent {}
  }

  /** Looks whether an entry still holds what was sent. Changes nothing. */
  Seen look(String entry, String version, Value value, Errand errand) throws InterruptedException;

  /** What an entry was seen to hold. */
  sealed interface Seen {
    /** What was sent. */
    record AsSent() implements Seen {}

    /**
     * Something else, or nothing: by somebody else's hand.
     *
     * @param what one clause for people, such as {@code it was deleted}
     */
    record Otherwise(String what) implements Seen {}

    /** Nobody could be asked. */
    record Failed(DestinationFailure failure) implements Seen {}
  }

  /** Removes an entry where it still holds the version that was sent; else leaves it alone. */
  Removed remove(String entry, String version, Errand errand) throws InterruptedException;

  /** What came of a removal. */
  sealed interface Removed {
    /** It is gone, or is not what was sent. */
    record Done() implements Removed {}

    /** Nobody knows that it is. */
    record Failed(DestinationFailure failure) implements Removed {}
  }

  /**
   * Takes away what readers of an entry can still reach of clients that have ended, in versions
   * before the present one; where the entry holds another version than the present one by now,
   * nothing. Asked of kinds that {@linkplain DestinationKind#keepsFormer() keep} such versions
   * alone.
   *
   * @param version the one that was confirmed last
   * @param former those that were confirmed before and are over, oldest first, at least one
   */
  default Removed retire(String entry, String version, List<String> former, Errand errand)
      throws InterruptedException {
    return new Removed.Done();
  }

  /**
   * Tries log-in and permissions for an entry. Changes nothing that a reader sees.
   *
   * @param writes whether to try writing as well, of kinds that {@linkplain
   *     DestinationKind#writesToCheck() can do so} unseen
   */
  List<Finding> check(String entry, boolean writes, Errand errand) throws InterruptedException;

  /**
   * One thing that was tried.
   *
   * @param name such as {@code log_in}
   * @param passed whether it is as it must be
   * @param detail what was seen, and what to do where that is not enough
   */
  record Finding(String name, boolean passed, String detail) {}
}
