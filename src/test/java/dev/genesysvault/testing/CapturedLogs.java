package dev.genesysvault.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Everything that anybody logs while it is open, at every level. */
public final class CapturedLogs implements AutoCloseable {
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger ours = root.getLoggerContext().getLogger("dev.genesysvault");
  private final Level rootLevel = root.getLevel();
  private final Level oursLevel = ours.getLevel();
  private final boolean additive = ours.isAdditive();
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  /** Begins to capture. */
  public CapturedLogs() {
    appender.start();
    root.setLevel(Level.TRACE);
    ours.setLevel(Level.TRACE);
    // A simulation before this test may have hushed it.
    ours.setAdditive(true);
    root.addAppender(appender);
  }

  /** Returns message, key-value pairs and causes of every event so far. */
  public List<String> lines() {
    return events().stream()
        .map(event ->
            "%s %s %s %s"
                .formatted(
                    event.getLevel(),
                    event.getFormattedMessage(),
                    event.getKeyValuePairs(),
                    cause(event.getThrowableProxy())))
        .toList();
  }

  private static String cause(@Nullable IThrowableProxy thrown) {
    return thrown == null
        ? ""
        : "%s: %s %s"
            .formatted(thrown.getClassName(), thrown.getMessage(), cause(thrown.getCause()));
  }

  /** Returns the lines of one level. */
  public List<String> lines(Level level) {
    return lines().stream().filter(line -> line.startsWith(level + " ")).toList();
  }

  private List<ILoggingEvent> events() {
    synchronized (appender) {
      return List.copyOf(appender.list);
    }
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    root.setLevel(rootLevel);
    ours.setLevel(oursLevel);
    ours.setAdditive(additive);
  }
}
