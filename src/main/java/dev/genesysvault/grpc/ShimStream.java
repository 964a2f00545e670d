package dev.genesysvault.grpc;

import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Notice;
import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Turns;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.Events;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of the shim. gRPC hands frames over one at a time, so that nothing here may wait: the
 * work runs in a task of its own, and frames only wake it.
 */
abstract class ShimStream implements StreamObserver<ShimFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(ShimStream.class);

  private final Handshake handshake;
  private final Tasks tasks;
  private final BugLog bugs;
  private final Turns turns;
  private final Meters meters;
  private final Outbound outbound;
  private final OpsInFlight ops;
  private Tasks.@Nullable Task task;

  ShimStream(
      Handshake handshake,
      Tasks tasks,
      Locks locks,
      BugLog bugs,
      Turns turns,
      Meters meters,
      String instanceId,
      ServerCallStreamObserver<SidecarFrame> observer) {
    this.handshake = handshake;
    this.tasks = tasks;
    this.bugs = bugs;
    this.turns = turns;
    this.meters = meters;
    this.outbound = new Outbound(observer, locks, instanceId);
    this.ops = new OpsInFlight(outbound, locks);
    observer.setOnCancelHandler(this::over);
  }

  /**
   * Does the stream's work and ends it through {@code outbound}.
   *
   * @param storage the mount's, for as long as the stream lives
   * @param events Vault's event bus, for as long as the stream lives
   * @throws IllegalArgumentException if the call breaks the contract
   */
  abstract void work(
      Call call, EngineDescriptor descriptor, Storage storage, Events events, Outbound stream)
      throws InterruptedException;

  /** Takes note of a call before its work begins, and before any notice. Must not wait. */
  void begins(Call call) {}

  @Override
  public void onNext(ShimFrame frame) {
    switch (frame.getFrameCase()) {
      case CALL -> begin(frame.getCall());
      case STORAGE_REPLY -> ops.answered(frame.getStorageReply().getOpId(), frame);
      case SYSTEM_REPLY -> ops.answered(frame.getSystemReply().getOpId(), frame);
      case NOTICE -> noticed(frame.getNotice());
      case FRAME_NOT_SET -> {
        // A later plugin may say more than this sidecar knows.
      }
    }
  }

  /** Takes news of the mount. Must not wait. */
  void noticed(Notice notice) {}

  @Override
  public void onError(Throwable cause) {
    over();
  }

  @Override
  public void onCompleted() {
    over();
  }

  private void begin(Call call) {
    if (task != null) {
      RefusedCall.CONTRACT.count(meters);
      outbound.fail(Status.INVALID_ARGUMENT.withDescription("a second call on one stream"));
      over();
      return;
    }
    var descriptor = handshake.descriptor(call);
    if (descriptor.isEmpty()) {
      RefusedCall.HANDSHAKE.count(meters);
      outbound.fail(handshake.refusal(call));
      return;
    }
    begins(call);
    task = tasks.start(call.getPathId(), () -> run(call, descriptor.get()));
  }

  private void run(Call call, EngineDescriptor descriptor) {
    try {
      work(call, descriptor, new StreamStorage(ops, turns), new StreamEvents(ops), outbound);
    } catch (InterruptedException e) {
      outbound.fail(Status.CANCELLED.withDescription("the plugin ended the request"));
    } catch (IllegalArgumentException e) {
      RefusedCall.CONTRACT.count(meters);
      outbound.fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (RuntimeException | Error e) {
      // Whoever waits must hear of it, even where memory has run out.
      outbound.fail(Status.INTERNAL.withDescription("bug in the sidecar; its log has the details"));
      Fatal.check(e);
      RefusedCall.BUG.count(meters);
      bugs.told(LOG, "a stream met a bug", e, line -> line.addKeyValue("path", call.getPathId()));
    } finally {
      ops.close();
    }
  }

  private void over() {
    ops.close();
    if (task != null) {
      task.interrupt();
    }
  }
}
