package dev.genesysvault.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import dev.genesysvault.domain.Texts;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes exceptions with a bounded number of frames, and what they say on one line each: a text
 * from elsewhere must not look like a frame, an exception or a line of the log.
 */
final class StackText {
  private static final int LONGEST_MESSAGE = 4_000;

  private final ThrowableProxyConverter converter = new Converter();

  StackText() {
    converter.setOptionList(List.of(Integer.toString(LineForm.MOST_FRAMES)));
    converter.start();
  }

  /** Returns an event's exceptions, of several lines; empty for none. */
  String of(ILoggingEvent event) {
    return Texts.cut(converter.convert(event), LineForm.LONGEST_STACK);
  }

  private static final class Converter extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
      return super.throwableProxyToString(new Printable(thrown));
    }
  }

  private record Printable(IThrowableProxy thrown) implements IThrowableProxy {
    private static @Nullable String printable(@Nullable String text) {
      return text == null ? null : Texts.printable(text, LONGEST_MESSAGE);
    }

    @Override
    public @Nullable String getMessage() {
      return printable(thrown.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
      return printable(thrown.getOverridingMessage());
    }

    @Override
    public String getClassName() {
      return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      var cause = thrown.getCause();
      return cause == null ? null : new Printable(cause);
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      return Stream.of(thrown.getSuppressed()).map(Printable::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return thrown.isCyclic();
    }
  }
}
