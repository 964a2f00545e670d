package dev.genesysvault.resilience;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said when something ends a whole task: every thread of the process has it as its handler,
 * so that nothing ends in silence. What the process cannot go on after ends the process as well,
 * after a line that names the task.
 */
public final class LastWords implements Thread.UncaughtExceptionHandler {
  /** As the virtual machine's own exit when the heap is full. */
  private static final int EXIT = 3;

  private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

  /** Made beforehand: there may be no memory for it when it is needed. */
  private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);

  private final byte[] before = bytes("genesys-sidecar: out of memory or broken in the task ");
  private final byte[] after = bytes("; the process ends\n");

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (Fatal.is(thrown)) {
      end(thread.getName());
    }
    LOG.atError()
        .addKeyValue("task", thread.getName())
        .setCause(thrown)
        .log("a task died of a bug");
  }

  @SuppressWarnings("SystemExitOutsideMain") // Nothing may run any more, not even a shutdown hook.
  private void end(String task) {
    try {
      synchronized (this) {
        standardError.write(before);
        for (int i = 0; i < task.length(); i++) {
          standardError.write(task.charAt(i));
        }
        standardError.write(after);
      }
    } catch (IOException | RuntimeException | Error _) {
      // Nobody reads it; what matters is the end.
    } finally {
      Runtime.getRuntime().halt(EXIT);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
