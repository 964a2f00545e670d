package dev.genesysvault.genesys;

import dev.genesysvault.resilience.MemoryBudget;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which ids of Genesys' list of clients have come: 64 bits of each, eight to sixteen bytes an id.
 * Two ids are taken for one once in some hundred million lists of a hundred thousand, and such a
 * list proves nothing.
 */
final class IdSet implements AutoCloseable {
  private static final int FIRST_SLOTS = 1_024;

  private final MessageDigest digest = sha256();
  private final MemoryBudget.Account held;
  private long[] slots = new long[FIRST_SLOTS];
  private int size;

  /**
   * Makes an empty one.
   *
   * @param held opened for it alone
   */
  IdSet(MemoryBudget.Account held) {
    this.held = held;
  }

  /** The memory that it would take to know more ids is not there. */
  static final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    FullException(int size) {
      super("there is no memory to tell more than %d apart".formatted(size), null, false, false);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds an id; false where it has come before. */
  boolean add(String id) throws FullException, InterruptedIOException {
    if (size >= slots.length / 4 * 3) {
      grow();
    }
    long hash = ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8))).getLong();
    // Zero is an empty slot.
    boolean added = put(slots, hash == 0 ? 1 : hash);
    size += added ? 1 : 0;
    return added;
  }

  private void grow() throws FullException, InterruptedIOException {
    long wanted = 2L * slots.length;
    try {
      if (wanted > Integer.MAX_VALUE / 2 || !held.hold(Long.BYTES * (wanted + slots.length))) {
        throw new FullException(size);
      }
      var larger = new long[(int) wanted];
      for (long hash : slots) {
        if (hash != 0) {
          put(larger, hash);
        }
      }
      slots = larger;
      // Fewer than are held: there is nothing to wait for.
      var _ = held.hold(Long.BYTES * wanted);
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
  }

  private static boolean put(long[] slots, long hash) {
    int slot = (int) hash & (slots.length - 1);
    while (slots[slot] != 0) {
      if (slots[slot] == hash) {
        return false;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = hash;
    return true;
  }

  /** Returns how many ids have come. */
  int size() {
    return size;
  }

  @Override
  public void close() {
    held.close();
  }
}
