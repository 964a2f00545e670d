package dev.genesysvault.work;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How background work waits while Vault's storage does not answer. */
public final class StorageWaits {
  private static final Logger LOG = LoggerFactory.getLogger(StorageWaits.class);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Time time;
  private final Backoff waits;

  /** Makes the rule, for all mounts. */
  public StorageWaits(Time time, Randomness randomness) {
    this.time = time;
    this.waits = new Backoff(FIRST, LONGEST, randomness);
  }

  /**
   * Waits, longer after each failure in a row.
   *
   * @param failures in a row, from 1
   * @throws StorageException the one that is given, where the stream is gone that lent the storage
   */
  public void out(String mountUuid, StorageException failure, int failures)
      throws InterruptedException {
    if (failure.kind() == Kind.CLOSED) {
      throw failure;
    }
    var wait = waits.after(failures);
    LOG.atWarn()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("reason", failure.getMessage())
        .addKeyValue("wait_ms", wait.toMillis())
        .addKeyValue(LogCause.KEY, LogCause.at("storage", mountUuid, failure.kind()))
        .log("the background session waits for Vault's storage");
    time.sleep(wait);
  }
}
