package dev.genesysvault.grpc;

import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.resilience.Locks;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the sidecar says on one stream: one frame at a time, the instance id on the first one, and
 * nothing after the end.
 */
final class Outbound {
  private final ServerCallStreamObserver<SidecarFrame> observer;
  private final Locks.Monitor monitor;
  private final String instanceId;
  private boolean begun;
  private boolean ended;

  Outbound(ServerCallStreamObserver<SidecarFrame> observer, Locks locks, String instanceId) {
    this.observer = observer;
    this.monitor = locks.monitor();
    this.instanceId = instanceId;
  }

  /** Sends a frame; returns whether the stream still took it. */
  boolean send(SidecarFrame.Builder frame) {
    monitor.lock();
    try {
      if (ended || observer.isCancelled()) {
        return false;
      }
      if (!begun) {
        begun = true;
        frame.setInstanceId(instanceId);
      }
      observer.onNext(frame.build());
      return true;
    } finally {
      monitor.unlock();
    }
  }

  /** Ends the stream well. */
  void complete() {
    end(null);
  }

  /** Ends the stream without an answer. */
  void fail(Status status) {
    end(status);
  }

  private void end(@Nullable Status status) {
    monitor.lock();
    try {
      if (ended || observer.isCancelled()) {
        return;
      }
      ended = true;
      if (status == null) {
        observer.onCompleted();
      } else {
        observer.onError(status.asRuntimeException());
      }
    } catch (RejectedExecutionException _) {
      // The server has stopped since: nobody is left to be told.
    } finally {
      monitor.unlock();
    }
  }
}
