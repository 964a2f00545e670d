package dev.genesysvault.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Executor;

/** Two connections made one. */
final class Pipe {
  private Pipe() {}

  /** Carries bytes both ways until one of them ends, and ends both. */
  static void between(
      Socket one, InputStream ofOne, Socket other, InputStream ofOther, Executor executor) {
    executor.execute(() -> carry(one, ofOne, other));
    carry(other, ofOther, one);
  }

  private static void carry(Socket from, InputStream in, Socket to) {
    try (from;
        to) {
      OutputStream out = to.getOutputStream();
      var bytes = new byte[8192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        out.write(bytes, 0, count);
        out.flush();
      }
    } catch (IOException _) {
      // One of them has ended.
    }
  }
}
