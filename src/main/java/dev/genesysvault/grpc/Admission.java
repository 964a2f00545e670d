package dev.genesysvault.grpc;

import dev.genesysvault.metrics.Meters;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Tasks;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door of the stream: takes the bytes of requests from a budget of the process before they are
 * parsed: what does not fit is an error for that request, and not the end of all. Small frames have
 * a reserve that large ones may not touch, so that whoever sends the most keeps nobody from
 * revoking. Sees messages as they came, and calls of {@code Attend} not at all: how much a session
 * reads at a time is bounded where it reads. Nor those of {@code Hello}, which says whether the
 * sidecar is there, and is small.
 */
final class Admission implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** What a revoke, a renew or a read has at the most, short of metadata of its own. */
  static final int SMALL_BYTES = 64 * 1024;

  private static final Set<String> EXEMPT = Set.of("Attend", "Hello");

  private final long mostBytes;
  private final Tasks tasks;
  private final BugLog bugs;
  private final Meters meters;
  private final AtomicLong held = new AtomicLong();

  /**
   * Makes one with nothing held.
   *
   * @param mostBytes of all requests at a time; a quarter is kept for small frames
   */
  Admission(long mostBytes, Tasks tasks, BugLog bugs, Meters meters) {
    this.tasks = tasks;
    this.mostBytes = mostBytes;
    this.bugs = bugs;
    this.meters = meters;
  }

  /** Returns the bytes that are held now. */
  long held() {
    return held.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    var listener = next.startCall(call, headers);
    return EXEMPT.contains(String.valueOf(call.getMethodDescriptor().getBareMethodName()))
        ? listener
        : new Counting<>(call, listener);
  }

  private boolean take(long bytes) {
    long most = bytes <= SMALL_BYTES ? mostBytes : mostBytes - mostBytes / 4;
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** gRPC hands the events of a call over one at a time. */
  private final class Counting<Q, R> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, R> call;
    private long own;
    private boolean refused;

    Counting(ServerCall<Q, R> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (refused) {
        return;
      }
      long bytes = size(message);
      if (take(bytes)) {
        own += bytes;
        super.onMessage(message);
      } else {
        refuse(bytes);
      }
    }

    private void refuse(long bytes) {
      refused = true;
      RefusedCall.MEMORY.count(meters);
      bugs.count("admission").ifPresent(count -> tell(bytes, held(), count));
      // Ends what the call has begun, as if its caller had gone away.
      super.onCancel();
      call.close(
          Status.UNAVAILABLE.withDescription(
              "the requests under way hold as many bytes as its memory allows (%d of %d); ask again in a few seconds"
                  .formatted(held(), mostBytes)),
          new Metadata());
    }

    /** Who reads the log may keep its writer waiting, and the thread that reads the socket not. */
    private void tell(long bytes, long heldThen, long count) {
      var _ =
          tasks.start(
              "admission",
              () ->
                  LOG.atWarn()
                      .addKeyValue("bytes", bytes)
                      .addKeyValue("held", heldThen)
                      .addKeyValue("most", mostBytes)
                      .addKeyValue("count", count)
                      .log("a request was refused: those under way hold as much as memory allows"));
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      release();
      if (!refused) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      release();
      if (!refused) {
        super.onComplete();
      }
    }

    private void release() {
      held.addAndGet(-own);
      own = 0;
    }

    /** What gRPC has received says how long it is. */
    private static long size(Object message) {
      try {
        return message instanceof InputStream bytes ? bytes.available() : 0;
      } catch (IOException e) {
        return 0;
      }
    }
  }
}
