package dev.genesysvault.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** The product's log in schedules: nobody reads it, and an error in it is a bug. */
final class Hushed extends AppenderBase<ILoggingEvent> {
  private Hushed() {}

  /** From now on, an error that a schedule logs is a violation, and nothing else is logged. */
  static void forever() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var ours = context.getLogger("dev.genesysvault");
    ours.setLevel(Level.ERROR);
    ours.setAdditive(false);
    ours.detachAndStopAllAppenders();
    var appender = new Hushed();
    appender.setContext(context);
    appender.start();
    ours.addAppender(appender);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLoggerName().endsWith(".RotationReports")) {
      // After an outage of hours, that something is overdue is the truth.
      return;
    }
    var cause = event.getThrowableProxy();
    var what =
        "logged an error: %s %s %s"
            .formatted(
                event.getFormattedMessage(),
                event.getKeyValuePairs(),
                cause == null ? "" : cause.getClassName() + ": " + cause.getMessage());
    Scheduler.current().ifPresent(scheduler -> scheduler.violated(what));
  }
}
