package dev.genesysvault.grpc;

import com.google.protobuf.ByteString;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.StorageOp;
import dev.genesysvault.proto.v1.StorageReply;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.util.List;
import java.util.Optional;

/** A mount's storage, reached through one stream and dead with it. */
final class StreamStorage implements Storage {
  private final OpsInFlight ops;

  StreamStorage(OpsInFlight ops) {
    this.ops = ops;
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

  private StorageReply ask(StorageOp.Builder op) throws InterruptedException {
    var answer = ops.ask(id -> SidecarFrame.newBuilder().setStorageOp(op.setOpId(id)));
    return checked(answer.orElseThrow(StreamStorage::closed).getStorageReply());
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
