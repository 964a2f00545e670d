package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.Work;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves work alone for a while that the process may have died of: it has its turn later, and all
 * else before it.
 */
final class Caution {
  private static final Logger LOG = LoggerFactory.getLogger(Caution.class);

  /** Somebody logs in with what leaked. */
  private static final Duration LONGEST_IF_URGENT = Duration.ofSeconds(10);

  private final StepTrail trail;
  private final ClientRecords records;
  private final ClientQueue clientQueue;
  private final Time time;

  Caution(StepTrail trail, ClientRecords records, Time time) {
    this.trail = trail;
    this.records = records;
    this.clientQueue = records.clientQueue();
    this.time = time;
  }

  /** Does it, and has it on the trail as long. */
  void during(Work work, StepTrail.Body body) throws InterruptedException {
    trail.during(records.mountUuid(), work.text(), body);
  }

  /**
   * Whether it is left alone; where it is, the client queue has it again when its time has come.
   */
  boolean leavesAlone(Work work) {
    boolean urgent =
        work instanceof Work.One(var client, _)
            && clientQueue.of(client).map(ClientSnapshot::urgent).orElse(false);
    var left =
        trail.left(
            records.mountUuid(), work.text(), urgent ? LONGEST_IF_URGENT : StepTrail.LONGEST_WAIT);
    if (!left.isPositive()) {
      return false;
    }
    var until = time.now().plus(left);
    var why = "the sidecar ended in the midst of this step: it is tried again at " + until;
    LOG.atWarn()
        .addKeyValue("mount", records.mountUuid())
        .addKeyValue("step", work.text())
        .addKeyValue("wait_ms", left.toMillis())
        .log("a step in whose midst the sidecar ended is tried later");
    if (work instanceof Work.Journal) {
      clientQueue.journalLater(left);
    }
    work.keys().forEach(key -> clientQueue.postponed(key, why, until));
    return true;
  }
}
