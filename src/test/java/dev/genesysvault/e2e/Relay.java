package dev.genesysvault.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands on the socket between plugin and sidecar and can hold what the sidecar says, so that a
 * process dies at a chosen step of their conversation. Knows of HTTP/2 that it consists of frames,
 * and of messages that JSON stands in them as it is.
 */
final class Relay implements AutoCloseable {
  private static final int PREFACE_BYTES = 24;
  private static final int HEADER_BYTES = 9;
  private static final int DATA = 0;
  private static final String NO_TEXT = "";
  private static final long PATIENCE_MILLIS = 20_000;

  private final Path sidecar;
  private final ServerSocketChannel listener;
  private final List<SocketChannel> open = new ArrayList<>();
  private String text = NO_TEXT;
  private boolean holdsAfterText;
  private boolean holdsAfterReply;
  private boolean holds;
  private boolean held;

  private Relay(Path sidecar, ServerSocketChannel listener) {
    this.sidecar = sidecar;
    this.listener = listener;
  }

  /** Listens where plugins connect, and connects them to the sidecar. */
  static Relay start(Path plugins, Path sidecar) throws IOException {
    var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(plugins));
    var relay = new Relay(sidecar, listener);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  /** Holds whatever the sidecar says from now on. */
  synchronized void hold() {
    held = false;
    holds = true;
  }

  /** Holds whatever the sidecar says after the plugin's next answer to it. */
  synchronized void holdAfterNextReply() {
    held = false;
    holdsAfterReply = true;
  }

  /** Holds what the sidecar says from its next message on that contains a text. */
  synchronized void holdAt(String wanted) {
    held = false;
    text = wanted;
    holdsAfterText = false;
  }

  /** Lets the next message pass that contains a text, and holds what follows the answer to it. */
  synchronized void holdAfterReplyTo(String wanted) {
    held = false;
    text = wanted;
    holdsAfterText = true;
  }

  /** Returns once the sidecar has said something that is held. */
  synchronized void awaitHeld() throws InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!held) {
      long left = end - System.currentTimeMillis();
      if (left <= 0) {
        throw new AssertionError("the sidecar said nothing that is held");
      }
      wait(left);
    }
  }

  /** Ends every connection; what is held is lost. Later connections are free. */
  synchronized void cut() throws IOException {
    for (var channel : open) {
      channel.close();
    }
    open.clear();
    text = NO_TEXT;
    holds = false;
    holdsAfterReply = false;
    notifyAll();
  }

  private void accept() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException _) {
      // The listener is closed.
    }
  }

  private void connect(SocketChannel plugin) throws IOException {
    SocketChannel target;
    try {
      target = SocketChannel.open(UnixDomainSocketAddress.of(sidecar));
    } catch (IOException _) {
      // Nobody listens there: the plugin finds its connection ended.
      plugin.close();
      return;
    }
    synchronized (this) {
      open.add(plugin);
      open.add(target);
    }
    Thread.ofVirtual().start(() -> copy(plugin, target, true));
    Thread.ofVirtual().start(() -> copy(target, plugin, false));
  }

  private void copy(SocketChannel from, SocketChannel to, boolean fromPlugin) {
    try (from;
        to) {
      if (fromPlugin) {
        write(to, read(from, PREFACE_BYTES));
      }
      while (true) {
        var header = read(from, HEADER_BYTES);
        int length = header.getInt(0) >>> 8;
        var payload = read(from, length);
        if (header.get(3) == DATA && length > 0) {
          pass(payload, to, fromPlugin);
        }
        write(to, header);
        write(to, payload);
      }
    } catch (IOException | InterruptedException _) {
      // One side has gone, and closing takes the other along.
    }
  }

  /** Called before each message goes on; waits where it is to be held. */
  private synchronized void pass(ByteBuffer message, SocketChannel to, boolean fromPlugin)
      throws InterruptedException {
    if (fromPlugin) {
      holds |= holdsAfterReply;
      holdsAfterReply = false;
      return;
    }
    if (!text.isEmpty() && ISO_8859_1.decode(message.duplicate()).toString().contains(text)) {
      text = NO_TEXT;
      holdsAfterReply |= holdsAfterText;
      holds |= !holdsAfterText;
    }
    while (holds && to.isOpen()) {
      held = true;
      notifyAll();
      wait();
    }
  }

  private static ByteBuffer read(SocketChannel from, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new IOException("the connection has ended");
      }
    }
    return buffer.flip();
  }

  private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
