package dev.genesysvault.training;

import com.google.protobuf.ByteString;
import dev.genesysvault.proto.v1.StorageEntry;
import dev.genesysvault.proto.v1.StorageOp;
import dev.genesysvault.proto.v1.StorageReply;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The storage of one mount, which lasts as long as the training. */
final class PlayedStorage {
  private final SortedMap<String, ByteString> entries = new TreeMap<>();

  /** Does what is asked, and returns the reply to it. */
  synchronized StorageReply answer(StorageOp op) {
    var reply = StorageReply.newBuilder().setOpId(op.getOpId());
    switch (op.getOpCase()) {
      case GET -> reply.setEntry(entry(op.getGet().getKey()));
      case GET_MANY -> {
        var found = StorageReply.Entries.newBuilder();
        op.getGetMany().getKeysList().forEach(key -> found.addEntries(entry(key)));
        reply.setEntries(found);
      }
      case LIST -> reply.setKeys(names(op.getList()));
      case PUT -> {
        entries.put(op.getPut().getKey(), op.getPut().getValue());
        reply.setDone(StorageReply.Done.getDefaultInstance());
      }
      case DELETE -> {
        entries.remove(op.getDelete().getKey());
        reply.setDone(StorageReply.Done.getDefaultInstance());
      }
      case OP_NOT_SET ->
          reply.setFailure(
              StorageReply.Failure.newBuilder()
                  .setKind(StorageReply.Failure.Kind.KIND_OTHER)
                  .setMessage("the training's storage does not know this operation"));
    }
    return reply.build();
  }

  private StorageEntry.Builder entry(String key) {
    var entry = StorageEntry.newBuilder().setKey(key);
    var value = entries.get(key);
    return value == null ? entry : entry.setValue(value);
  }

  private StorageReply.Keys.Builder names(StorageOp.List list) {
    var names = new TreeSet<String>();
    for (var key : entries.tailMap(list.getPrefix()).keySet()) {
      if (!key.startsWith(list.getPrefix())) {
        break;
      }
      var rest = key.substring(list.getPrefix().length());
      int slash = rest.indexOf('/');
      names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
    }
    return StorageReply.Keys.newBuilder().addAllNames(names.tailSet(list.getAfter() + "\0"));
  }
}
