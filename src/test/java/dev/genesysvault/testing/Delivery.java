package dev.genesysvault.testing;

import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** How a played network hands a reply over: as the real one does, but all of it at once. */
public final class Delivery {
  private Delivery() {}

  /** Hands a reply to whoever made the request. */
  public static void whole(Transport.Reply reply, Transport.Receiver receiver)
      throws FailedException, InterruptedException {
    deliver(reply.head(), new ByteArrayInputStream(reply.body()), receiver);
  }

  /** Hands half of a reply over, and then the connection breaks. */
  public static void half(Transport.Reply reply, Transport.Receiver receiver)
      throws FailedException, InterruptedException {
    deliver(reply.head(), brokenAfter(reply.body(), reply.body().length / 2), receiver);
  }

  private static InputStream brokenAfter(byte[] body, int count) {
    return new InputStream() {
      private int at;

      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (at == count) {
          throw new FailedException("the connection broke: told so", true);
        }
        int read = Math.min(length, count - at);
        System.arraycopy(body, at, into, offset, read);
        at += read;
        return read;
      }
    };
  }

  /** Hands over what can be read. */
  public static void deliver(Transport.Head head, InputStream body, Transport.Receiver receiver)
      throws FailedException, InterruptedException {
    try (body) {
      receiver.receive(head, body);
    } catch (FailedException e) {
      throw e;
    } catch (InterruptedIOException _) {
      throw new InterruptedException();
    } catch (IOException e) {
      throw new FailedException("the reply cannot be read: " + e, true);
    }
  }
}
