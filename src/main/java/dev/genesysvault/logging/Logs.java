package dev.genesysvault.logging;

import ch.qos.logback.classic.LoggerContext;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of this process. Until it is opened, lines are written as {@link FirstLines} says. */
public final class Logs implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(10);

  private final LineAppender appender;
  private final Tasks.Task ticking;

  private Logs(LineAppender appender, Tasks.Task ticking) {
    this.appender = appender;
    this.ticking = ticking;
  }

  /** Has all lines from now on go to standard error in that form. */
  public static Logs open(LogFormat format, Time time, Tasks tasks, Locks locks) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    var appender = new LineAppender(LineForm.of(format), time, locks, Logs::toStandardError);
    appender.setContext(context);
    appender.start();
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    return new Logs(appender, tasks.start("log", () -> tick(appender, time)));
  }

  private static void toStandardError(String line) {
    System.err.print(line);
    System.err.flush();
  }

  private static void tick(LineAppender appender, Time time) {
    try {
      while (true) {
        time.sleep(TICK);
        appender.tick();
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  /** Writes what is held; whoever still has something to say may. */
  @Override
  public void close() {
    ticking.interrupt();
    appender.flush();
  }
}
