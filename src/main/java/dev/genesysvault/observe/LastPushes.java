package dev.genesysvault.observe;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of whatever pushes. Each pushes once more when it is closed, all at the same time, and
 * has a few seconds for it: a receiver that hangs must not hold up the end of the process, which is
 * killed after a while.
 */
final class LastPushes {
  /** With what requests under way have before, less than the ten seconds of a container's stop. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(LastPushes.class);

  private LastPushes() {}

  /** Closes them, and gives up those that take longer. */
  static void close(List<PushTarget> targets, Duration patience, Time time) {
    var deadline = Deadline.in(patience, time);
    var pushes = new ArrayList<Thread>();
    for (var target : targets) {
      pushes.add(Thread.ofVirtual().name("last push").start(target.registry()::close));
    }
    try {
      for (var push : pushes) {
        if (!push.join(deadline.left())) {
          push.interrupt();
          LOG.atWarn()
              .addKeyValue("seconds", patience.toSeconds())
              .log("the last metrics could not be pushed before the end, and are lost");
        }
      }
    } catch (InterruptedException _) {
      pushes.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }
}
