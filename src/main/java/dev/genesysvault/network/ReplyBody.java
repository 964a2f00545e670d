package dev.genesysvault.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A reply's body as it arrives; knows whether it was read to its end, and says why it was not. */
final class ReplyBody extends InputStream {
  private final InputStream body;
  private final Function<Exception, IOException> why;
  private long left;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * Makes one.
   *
   * @param length of it; negative where nobody knows
   * @param why returns what it is called that a read failed
   */
  ReplyBody(InputStream body, long length, Function<Exception, IOException> why) {
    this.body = body;
    this.left = length;
    this.why = why;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (failure != null) {
      // The client takes what broke for what is over.
      throw failure;
    }
    if (ended) {
      return length == 0 ? 0 : -1;
    }
    try {
      int count = body.read(target, offset, length);
      ended = count < 0;
      left -= Math.max(0, count);
      return count;
    } catch (IOException | IllegalStateException e) {
      failure = Thread.interrupted() ? new InterruptedIOException() : why.apply(e);
      throw failure;
    }
  }

  /** Whether all of it was read, so that its connection can be used again. */
  boolean isReadToItsEnd() {
    if (!ended && left == 0) {
      // Who knew how long it is did not ask for more; the client wants to be asked.
      try {
        return read() < 0;
      } catch (IOException _) {
        return false;
      }
    }
    return ended;
  }
}
