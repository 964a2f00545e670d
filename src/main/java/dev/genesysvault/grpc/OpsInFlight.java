package dev.genesysvault.grpc;

import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.resilience.Locks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** What one stream asks of the plugin: as much at a time as the contract allows. */
final class OpsInFlight {
  /** What the contract allows. */
  private static final int MOST_IN_FLIGHT = 16;

  private final Outbound outbound;
  private final Locks locks;
  private final Locks.Monitor monitor;
  private final Map<Long, Answer> inFlight = new HashMap<>();
  private long lastOpId;
  private boolean closed;

  OpsInFlight(Outbound outbound, Locks locks) {
    this.outbound = outbound;
    this.locks = locks;
    this.monitor = locks.monitor();
  }

  /** What one op waits for. A monitor of its own, so that each answer wakes who asked alone. */
  private static final class Answer {
    private final long opId;
    private final Locks.Monitor monitor;
    private Optional<ShimFrame> frame = Optional.empty();
    private boolean over;

    Answer(long opId, Locks.Monitor monitor) {
      this.opId = opId;
      this.monitor = monitor;
    }

    /** Ends the wait; the first answer counts. */
    void is(Optional<ShimFrame> answer) {
      monitor.lock();
      try {
        if (!over) {
          frame = answer;
          over = true;
          monitor.signalAll();
        }
      } finally {
        monitor.unlock();
      }
    }

    Optional<ShimFrame> await() throws InterruptedException {
      monitor.lock();
      try {
        while (!over) {
          monitor.await();
        }
        return frame;
      } finally {
        monitor.unlock();
      }
    }
  }

  /**
   * Sends an op and waits for the frame that answers it.
   *
   * @param op makes the op's frame under the op's id
   * @return empty where the stream has ended; what was asked may have happened
   */
  Optional<ShimFrame> ask(LongFunction<SidecarFrame.Builder> op) throws InterruptedException {
    var begun = begin();
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    var answer = begun.get();
    try {
      return outbound.send(op.apply(answer.opId)) ? answer.await() : Optional.empty();
    } finally {
      finish(answer);
    }
  }

  /** Takes the shim's answer to one op; one that nobody waits for is dropped. */
  void answered(long opId, ShimFrame frame) {
    of(opId).ifPresent(answer -> answer.is(Optional.of(frame)));
  }

  private Optional<Answer> of(long opId) {
    monitor.lock();
    try {
      return Optional.ofNullable(inFlight.get(opId));
    } finally {
      monitor.unlock();
    }
  }

  /** Fails every op under way and every one to come: the stream has ended. */
  void close() {
    List<Answer> unanswered;
    monitor.lock();
    try {
      closed = true;
      unanswered = List.copyOf(inFlight.values());
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
    unanswered.forEach(answer -> answer.is(Optional.empty()));
  }

  private Optional<Answer> begin() throws InterruptedException {
    monitor.lock();
    try {
      while (!closed && inFlight.size() >= MOST_IN_FLIGHT) {
        monitor.await();
      }
      if (closed) {
        return Optional.empty();
      }
      var answer = new Answer(++lastOpId, locks.monitor());
      inFlight.put(answer.opId, answer);
      return Optional.of(answer);
    } finally {
      monitor.unlock();
    }
  }

  private void finish(Answer answer) {
    monitor.lock();
    try {
      inFlight.remove(answer.opId);
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
