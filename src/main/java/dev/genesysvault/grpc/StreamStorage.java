package dev.genesysvault.grpc;

import com.google.protobuf.ByteString;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.StorageOp;
import dev.genesysvault.proto.v1.StorageReply;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mount's storage, reached through one stream and dead with it. */
final class StreamStorage implements Storage {
  /** What the contract allows. */
  private static final int MOST_IN_FLIGHT = 16;

  private static final Duration UNTIL_SIGNALLED = Duration.ofDays(1);

  private final Outbound outbound;
  private final Locks locks;
  private final Locks.Monitor monitor;
  private final Map<Long, Answer> inFlight = new HashMap<>();
  private long lastOpId;
  private boolean closed;

  StreamStorage(Outbound outbound, Locks locks) {
    this.outbound = outbound;
    this.locks = locks;
    this.monitor = locks.monitor();
  }

  @Override
  public Optional<byte[]> get(String key) throws InterruptedException {
    var reply = ask(StorageOp.newBuilder().setGet(StorageOp.Get.newBuilder().setKey(key)));
    if (!reply.hasEntry()) {
      throw unfit("get");
    }
    return reply.getEntry().hasValue()
        ? Optional.of(reply.getEntry().getValue().toByteArray())
        : Optional.empty();
  }

  @Override
  public void put(String key, byte[] value) throws InterruptedException {
    var put = StorageOp.Put.newBuilder().setKey(key).setValue(ByteString.copyFrom(value));
    if (!ask(StorageOp.newBuilder().setPut(put)).hasDone()) {
      throw unfit("put");
    }
  }

  @Override
  public void delete(String key) throws InterruptedException {
    var delete = StorageOp.Delete.newBuilder().setKey(key);
    if (!ask(StorageOp.newBuilder().setDelete(delete)).hasDone()) {
      throw unfit("delete");
    }
  }

  @Override
  public List<String> list(String prefix) throws InterruptedException {
    var reply = ask(StorageOp.newBuilder().setList(StorageOp.List.newBuilder().setPrefix(prefix)));
    if (!reply.hasKeys()) {
      throw unfit("list");
    }
    return reply.getKeys().getNamesList().stream().sorted().toList();
  }

  /** What one op waits for. A monitor of its own, so that each answer wakes who asked alone. */
  private static final class Answer {
    private final long opId;
    private final Locks.Monitor monitor;
    private Optional<StorageReply> reply = Optional.empty();
    private boolean over;

    Answer(long opId, Locks.Monitor monitor) {
      this.opId = opId;
      this.monitor = monitor;
    }

    /** Ends the wait; the first answer counts. */
    void is(Optional<StorageReply> answer) {
      monitor.lock();
      try {
        if (!over) {
          reply = answer;
          over = true;
          monitor.signalAll();
        }
      } finally {
        monitor.unlock();
      }
    }

    StorageReply await() throws InterruptedException {
      monitor.lock();
      try {
        while (!over) {
          monitor.await(UNTIL_SIGNALLED);
        }
        return reply.orElseThrow(StreamStorage::closed);
      } finally {
        monitor.unlock();
      }
    }
  }

  /** Takes the shim's answer to one op; one that nobody waits for is dropped. */
  void answered(StorageReply reply) {
    of(reply.getOpId()).ifPresent(answer -> answer.is(Optional.of(reply)));
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

  private StorageReply ask(StorageOp.Builder op) throws InterruptedException {
    var answer = begin();
    try {
      if (!outbound.send(SidecarFrame.newBuilder().setStorageOp(op.setOpId(answer.opId)))) {
        throw closed();
      }
      return checked(answer.await());
    } finally {
      finish(answer);
    }
  }

  private Answer begin() throws InterruptedException {
    monitor.lock();
    try {
      while (!closed && inFlight.size() >= MOST_IN_FLIGHT) {
        monitor.await(UNTIL_SIGNALLED);
      }
      if (closed) {
        throw closed();
      }
      var answer = new Answer(++lastOpId, locks.monitor());
      inFlight.put(answer.opId, answer);
      return answer;
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

  private static StorageReply checked(StorageReply reply) {
    if (!reply.hasFailure()) {
      return reply;
    }
    var failure = reply.getFailure();
    var kind =
        switch (failure.getKind()) {
          case KIND_READ_ONLY -> Kind.READ_ONLY;
          case KIND_SETUP -> Kind.SETUP;
          case KIND_REFUSED, KIND_OTHER, KIND_UNSPECIFIED, UNRECOGNIZED -> Kind.OTHER;
        };
    throw new StorageException(kind, failure.getMessage());
  }

  private static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the plugin ended the request");
  }

  private static StorageException unfit(String op) {
    return new StorageException(Kind.OTHER, "the plugin's answer does not fit a " + op);
  }
}
