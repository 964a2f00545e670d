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
  private final Locks.Monitor monitor;
  private final Map<Long, Optional<StorageReply>> inFlight = new HashMap<>();
  private long lastOpId;
  private boolean closed;

  StreamStorage(Outbound outbound, Locks locks) {
    this.outbound = outbound;
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

  /** Takes the shim's answer to one op; one that nobody waits for is dropped. */
  void answered(StorageReply reply) {
    monitor.lock();
    try {
      if (inFlight.replace(reply.getOpId(), Optional.of(reply)) != null) {
        monitor.signalAll();
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Fails every op under way and every one to come: the stream has ended. */
  void close() {
    monitor.lock();
    try {
      closed = true;
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private StorageReply ask(StorageOp.Builder op) throws InterruptedException {
    long opId = begin();
    try {
      if (!outbound.send(SidecarFrame.newBuilder().setStorageOp(op.setOpId(opId)))) {
        throw closed();
      }
      return checked(await(opId));
    } finally {
      finish(opId);
    }
  }

  private long begin() throws InterruptedException {
    monitor.lock();
    try {
      while (!closed && inFlight.size() >= MOST_IN_FLIGHT) {
        monitor.await(UNTIL_SIGNALLED);
      }
      if (closed) {
        throw closed();
      }
      inFlight.put(++lastOpId, Optional.empty());
      return lastOpId;
    } finally {
      monitor.unlock();
    }
  }

  private StorageReply await(long opId) throws InterruptedException {
    monitor.lock();
    try {
      while (true) {
        var reply = inFlight.getOrDefault(opId, Optional.empty());
        if (reply.isPresent()) {
          return reply.get();
        }
        if (closed) {
          throw closed();
        }
        monitor.await(UNTIL_SIGNALLED);
      }
    } finally {
      monitor.unlock();
    }
  }

  private void finish(long opId) {
    monitor.lock();
    try {
      inFlight.remove(opId);
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
