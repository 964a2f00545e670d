package dev.genesysvault.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * How lines are written until {@link Logs} is opened, and by programs that open none; which loggers
 * may speak, always. In code, since Logback takes longer to read a file of this than the sidecar to
 * start; a file that {@code logback.configurationFile} names goes before it.
 */
public final class FirstLines extends ContextAwareBase implements Configurator {
  /** A stack that overflowed has a thousand frames, of which the last ones say enough. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} %msg %kvp%n%ex{60}";

  /** For Logback, which makes one by its name. */
  public FirstLines() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    // Standard output belongs to nobody, so that a start script may use it.
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    // Only our own code may speak below WARN: HTTP and gRPC libraries print headers and frames
    // there.
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    // Netty warns once that a Unix socket has no SO_KEEPALIVE, which gRPC asks for.
    context.getLogger("io.grpc.netty.shaded.io.netty.bootstrap").setLevel(Level.ERROR);
    context.getLogger("dev.genesysvault").setLevel(Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
