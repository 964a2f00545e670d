package dev.genesysvault.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.Time;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The lines that an operator would see, at the usual level, of what is logged while it is open. */
public final class LoggedLines implements AutoCloseable {
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final List<String> written = new ArrayList<>();
  private final LineAppender appender;

  /** Begins to write, with a limit that goes by this clock. */
  public LoggedLines(Time time) {
    appender = new LineAppender(LineForm.of(LogFormat.TEXT), time, new SystemLocks(), this::write);
    appender.setContext(root.getLoggerContext());
    appender.addFilter(new Usual());
    appender.start();
    root.addAppender(appender);
  }

  private static final class Usual extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      return event.getLevel().isGreaterOrEqual(Level.INFO) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
  }

  private synchronized void write(String line) {
    written.add(line);
  }

  /** Returns all lines so far, and those that are held. */
  public List<String> written() {
    appender.flush();
    synchronized (this) {
      return List.copyOf(written);
    }
  }

  @Override
  public void close() {
    root.detachAppender(appender);
  }
}
