package dev.genesysvault.grpc;

import com.google.protobuf.ByteString;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.StorageEntry;
import dev.genesysvault.proto.v1.StorageOp;
import dev.genesysvault.proto.v1.StorageReply;
import dev.genesysvault.resilience.Turns;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mount's storage, reached through one stream and dead with it. */
final class StreamStorage implements Storage {
  /** Keys of one op, as the contract allows. */
  private static final int MOST_KEYS = 64;

  /** What a message of the contract has room for. */
  private static final int LARGEST_ENTRY_BYTES = SidecarServer.LARGEST_MESSAGE_BYTES - (1 << 16);

  private final OpsInFlight ops;
  private final Turns turns;

  StreamStorage(OpsInFlight ops, Turns turns) {
    this.ops = ops;
    this.turns = turns;
  }

  @Override
  public Optional<byte[]> get(String key) throws InterruptedException {
    var reply = ask(StorageOp.newBuilder().setGet(StorageOp.Get.newBuilder().setKey(key)));
    if (!reply.hasEntry()) {
      throw unfit("get");
    }
    return value(reply.getEntry());
  }

  private static Optional<byte[]> value(StorageEntry entry) {
    return entry.hasValue() ? Optional.of(entry.getValue().toByteArray()) : Optional.empty();
  }

  @Override
  public List<Optional<byte[]>> getFirst(List<String> keys) throws InterruptedException {
    var many = StorageOp.GetMany.newBuilder().addAllKeys(keys.stream().limit(MOST_KEYS).toList());
    var entries = ask(StorageOp.newBuilder().setGetMany(many)).getEntries().getEntriesList();
    var answered = entries.stream().map(StorageEntry::getKey).toList();
    if (answered.isEmpty() || !startsWith(keys, answered)) {
      throw unfit("get_many");
    }
    return entries.stream().map(StreamStorage::value).toList();
  }

  @Override
  public Turn turn() throws InterruptedException {
    return turns.take()::close;
  }

  private static boolean startsWith(List<String> keys, List<String> first) {
    return first.size() <= keys.size() && keys.subList(0, first.size()).equals(first);
  }

  @Override
  public void put(String key, byte[] value) throws InterruptedException {
    if (!ask(StorageOp.newBuilder().setPut(write(key, value))).hasDone()) {
      throw unfit("put");
    }
  }

  @Override
  public boolean putWhile(Seen condition, String key, byte[] value) throws InterruptedException {
    var write = write(key, value);
    write.setCondition(
        StorageOp.Condition.newBuilder().setKey(condition.key()).setTag(condition.tag()));
    var reply = ask(StorageOp.newBuilder().setPut(write));
    if (!reply.hasDone() && !reply.hasChanged()) {
      throw unfit("put");
    }
    return reply.hasDone();
  }

  private static StorageOp.Put.Builder write(String key, byte[] value) {
    if (value.length > LARGEST_ENTRY_BYTES) {
      throw new StorageException(
          Kind.REFUSED,
          "entry %s has %d bytes; at most %d can be written"
              .formatted(key, value.length, LARGEST_ENTRY_BYTES));
    }
    return StorageOp.Put.newBuilder().setKey(key).setValue(ByteString.copyFrom(value));
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
    var names = new ArrayList<String>();
    var list = StorageOp.List.newBuilder().setPrefix(prefix);
    while (true) {
      var reply = ask(StorageOp.newBuilder().setList(list));
      var page = reply.getKeys().getNamesList();
      if (!reply.hasKeys() || (reply.getKeys().getMore() && page.isEmpty())) {
        throw unfit("list");
      }
      names.addAll(page);
      if (!reply.getKeys().getMore()) {
        return names.stream().sorted().toList();
      }
      list.setAfter(page.getLast());
    }
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
          case KIND_NOT_ACTIVE -> Kind.NOT_ACTIVE;
          case KIND_TOO_LARGE -> Kind.UNREADABLE;
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
