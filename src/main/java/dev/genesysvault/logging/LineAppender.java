package dev.genesysvault.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.Time;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where all lines come by: writes them, but one a minute of those with the same cause. */
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final String OURS = "dev.genesysvault";

  private final LineForm form;
  private final Consumer<String> sink;
  private final Locks.Monitor monitor;
  private final LineLimit<Line> limit;

  /**
   * Makes one.
   *
   * @param sink takes whole lines, one call at a time
   */
  LineAppender(LineForm form, Time time, Locks locks, Consumer<String> sink) {
    this.form = form;
    this.sink = sink;
    this.monitor = locks.monitor();
    this.limit = new LineLimit<>(time);
  }

  @Override
  protected void append(ILoggingEvent event) {
    var line = Line.of(event);
    monitor.run(() -> {
      write(limit.due());
      var cause = line.cause().or(() -> ofLibrary(event));
      if (cause.isEmpty()) {
        sink.accept(form.of(new LineLimit.Due<>(line)));
      } else {
        limit.meet(cause.get(), line.subject(), line).ifPresent(due -> write(List.of(due)));
      }
    });
  }

  /** Libraries know nothing of causes: what they say in the same words is the same. */
  private static Optional<LogCause> ofLibrary(ILoggingEvent event) {
    return event.getLoggerName().startsWith(OURS) || !event.getLevel().isGreaterOrEqual(Level.WARN)
        ? Optional.empty()
        : Optional.of(LogCause.at(event.getLoggerName(), String.valueOf(event.getMessage())));
  }

  /** Writes what was held for long enough. */
  void tick() {
    monitor.run(() -> write(limit.due()));
  }

  /** Writes whatever is held. */
  void flush() {
    monitor.run(() -> write(limit.rest()));
  }

  private void write(List<LineLimit.Due<Line>> lines) {
    lines.forEach(due -> sink.accept(form.of(due)));
  }
}
