package dev.genesysvault.network;

import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.resilience.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A reply's body as it arrives: some buffers of it at a time, and the next ones are asked for when
 * those are read. Unlike the JDK's own, a read gives up after a silence, and when the time for the
 * whole is over.
 */
final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {
  /** What the network hands over. */
  private sealed interface Arrived {
    record Buffers(List<ByteBuffer> buffers) implements Arrived {}

    record Broken(Throwable cause) implements Arrived {}

    record End() implements Arrived {}
  }

  private final Transport.Request request;
  private final Deadline end;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private boolean ended;

  /**
   * Makes one.
   *
   * @param end of the time for the whole reply
   */
  BodyStream(Transport.Request request, Deadline end) {
    this.request = request;
    this.end = end;
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    if (subscription != null || ended) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    arrived.add(new Arrived.Buffers(item));
  }

  @Override
  public void onError(Throwable cause) {
    arrived.add(new Arrived.Broken(cause));
  }

  @Override
  public void onComplete() {
    arrived.add(new Arrived.End());
  }

  @Override
  public int read() throws IOException {
    return filled() ? buffers.getFirst().get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!filled()) {
      return -1;
    }
    var buffer = buffers.getFirst();
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  /** Waits until the first buffer has something in it; false where nothing will come any more. */
  private boolean filled() throws IOException {
    while (!ended) {
      while (!buffers.isEmpty() && !buffers.getFirst().hasRemaining()) {
        buffers.removeFirst();
        if (buffers.isEmpty()) {
          subscription().request(1);
        }
      }
      if (!buffers.isEmpty()) {
        return true;
      }
      switch (next()) {
        case Arrived.Buffers(var more) -> {
          buffers.addAll(more);
          if (more.isEmpty()) {
            subscription().request(1);
          }
        }
        // What the JDK says of it may quote the reply, which may hold a secret.
        case Arrived.Broken(var cause) ->
            throw new FailedException(
                "the connection broke: " + cause.getClass().getSimpleName(), true);
        case Arrived.End _ -> ended = true;
      }
    }
    return false;
  }

  private Arrived next() throws IOException {
    var wait = end.allows(request.silence()) ? request.silence() : end.left();
    try {
      var next = arrived.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw silent(request, end);
      }
      return next;
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
  }

  /** Returns what it is called that nothing arrived. */
  static FailedException silent(Transport.Request request, Deadline end) {
    return new FailedException(
        end.over()
            ? "no reply within " + words(request.timeout())
            : "nothing arrived for " + words(request.silence()),
        true);
  }

  private static String words(Duration time) {
    return time.toMillis() + " ms";
  }

  private synchronized Flow.Subscription subscription() throws IOException {
    var present = subscription;
    if (present == null) {
      throw new IOException("nobody has subscribed");
    }
    return present;
  }

  /** Gives up what has not been read; the connection ends where that is something. */
  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }
}
