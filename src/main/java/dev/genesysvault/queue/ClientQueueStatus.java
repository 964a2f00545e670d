package dev.genesysvault.queue;

import dev.genesysvault.work.Holds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link ClientQueue} shows of how its mount's background session does.
 *
 * @param loaded whether every record is known
 * @param paused until when Genesys is not asked; empty where it is
 * @param trouble why it pauses; empty for no trouble
 * @param holds what it paused for lately
 * @param journalKnown whether the plugin's journal was read since the session opened
 * @param unusableJournal entries of the plugin's journal that cannot be taken over, with the reason
 * @param unreadable names of records that cannot be read
 */
public record ClientQueueStatus(
    boolean loaded,
    Optional<Instant> paused,
    String trouble,
    Holds holds,
    boolean journalKnown,
    Map<String, String> unusableJournal,
    List<String> unreadable) {
  /** Copies what it is given. */
  public ClientQueueStatus {
    unusableJournal = Map.copyOf(unusableJournal);
    unreadable = List.copyOf(unreadable);
  }
}
