package dev.genesysvault.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.genesysvault.domain.Texts;
import java.util.List;

/** Writes exceptions with a bounded number of frames. */
final class StackText {
  private final ThrowableProxyConverter converter = new ThrowableProxyConverter();

  StackText() {
    converter.setOptionList(List.of(Integer.toString(LineForm.MOST_FRAMES)));
    converter.start();
  }

  /** Returns an event's exceptions, of several lines; empty for none. */
  String of(ILoggingEvent event) {
    return Texts.cut(converter.convert(event), LineForm.LONGEST_STACK);
  }
}
