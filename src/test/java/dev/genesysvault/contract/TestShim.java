package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Error;
import dev.genesysvault.proto.v1.LeasedSecret;
import dev.genesysvault.proto.v1.MountFacts;
import dev.genesysvault.proto.v1.Notice;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.SidecarGrpc;
import dev.genesysvault.proto.v1.StorageEntry;
import dev.genesysvault.proto.v1.StorageOp;
import dev.genesysvault.proto.v1.StorageReply;
import dev.genesysvault.proto.v1.SystemOp;
import dev.genesysvault.proto.v1.SystemReply;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.testing.SimulatedOrganization;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Plays the plugin: real streams over a real socket, storage in memory. */
final class TestShim implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;
  private static final long MOST_BATCH_BYTES = 1 << 20;
  private static final int LARGEST_ENTRY_BYTES = (4 << 20) - (64 << 10);

  /** How long the sidecar may take for a request. */
  private long requestSeconds = PATIENCE_SECONDS;

  final InMemoryStorage storage;

  /** What Vault's event bus was given. */
  final RecordedEvents events = new RecordedEvents();

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  /** Ids and kinds of the ops so far. */
  final List<String> ops = new CopyOnWriteArrayList<>();

  private boolean tainted;
  private boolean withoutEvents;
  private int manyAtATime = 64;
  private int namesAtATime = 20_000;
  private String mountUuid = "mount-1";
  private boolean breaksAtEvents;
  private ByteString descriptorHash =
      ByteString.copyFrom(HexFormat.of().parseHex(EngineDescriptor.current().sha256()));

  TestShim(Path socket, InMemoryStorage storage) {
    this.storage = storage;
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(group)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  /** Speaks as a plugin with another descriptor does. */
  TestShim withDescriptorHash(byte[] sha256) {
    descriptorHash = ByteString.copyFrom(sha256);
    return this;
  }

  /** Returns the bytes of the descriptor's hash that it sends with each call. */
  ByteString descriptorHash() {
    return descriptorHash;
  }

  /** Says from now on that the mount is being disabled. */
  void taint() {
    tainted = true;
  }

  /** Gives requests less time from now on. */
  void hurry(long seconds) {
    requestSeconds = seconds;
  }

  /** Answers no more entries from now on to one op that asks for many. */
  void answerAtATime(int entries) {
    manyAtATime = entries;
  }

  /** Answers no more names from now on to one op that lists. */
  void listAtATime(int names) {
    namesAtATime = names;
  }

  /** Plays the plugin of another mount from now on. */
  TestShim ofMount(String uuid) {
    mountUuid = uuid;
    return this;
  }

  /** Plays a Vault without an event bus from now on. */
  void loseEvents() {
    withoutEvents = true;
  }

  /** Ends each stream from now on when it sends an event, without an answer. */
  void breakAtEvents() {
    breaksAtEvents = true;
  }

  SidecarGrpc.SidecarBlockingStub unary() {
    return SidecarGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  Call.Builder call(Operation operation, String pathId) {
    return Call.newBuilder()
        .setProtocolVersion(1)
        .setDescriptorSha256(descriptorHash)
        .setShimVersion("v0.1.0")
        .setMount(
            MountFacts.newBuilder()
                .setUuid(mountUuid)
                .setPath("genesys/")
                .setWritable(true)
                .setTainted(tainted)
                .setDefaultLeaseTtl(Duration.newBuilder().setSeconds(3600))
                .setMaxLeaseTtl(Duration.newBuilder().setSeconds(86_400)))
        .setOperation(operation)
        .setPathId(pathId);
  }

  /** Configures the mount for a simulated organisation, and writes a role {@code demo}. */
  void configure(SimulatorServer simulator) {
    var config = write("config", Map.of(), SimulatedOrganization.config(simulator));
    assertThat(config.hasNothing()).as(config.toString()).isTrue();
    var role =
        write(
            "roles/name",
            Map.of("name", "demo"),
            Map.of("role_divisions", List.of(SimulatedOrganization.HELD_PAIR)));
    assertThat(role.hasNothing()).as(role.toString()).isTrue();
  }

  Result write(String pathId, Map<String, String> captures, Map<String, Object> fields) {
    return serve(
            call(Operation.OPERATION_UPDATE, pathId)
                .putAllCaptures(captures)
                .setFieldsJson(ByteString.copyFrom(Json.write(fields))))
        .result();
  }

  Call.Builder creds(String requestId) {
    return call(Operation.OPERATION_READ, "creds/name")
        .putCaptures("name", "demo")
        .setRequestId(requestId);
  }

  Call.Builder onLease(Operation operation, Result issued, Instant issueTime) {
    var secret = issued.getResponse().getSecret();
    return call(operation, "")
        .setSecret(
            LeasedSecret.newBuilder()
                .setSecretType(secret.getSecretType())
                .setInternalDataJson(secret.getInternalDataJson())
                .setTtl(secret.getTtl())
                .setMaxTtl(secret.getMaxTtl())
                .setIssueTime(Timestamp.newBuilder().setSeconds(issueTime.getEpochSecond())));
  }

  Stream serve(Call.Builder call) {
    var stream = new Stream(false);
    SidecarGrpc.newStub(channel).withDeadlineAfter(requestSeconds, TimeUnit.SECONDS).serve(stream);
    stream.begin(call.build());
    return stream;
  }

  Stream attend() {
    var stream = new Stream(true);
    SidecarGrpc.newStub(channel).attend(stream);
    stream.begin(call(Operation.OPERATION_ATTEND, "").build());
    return stream;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** One stream, answering storage ops as they come. */
  final class Stream implements ClientResponseObserver<ShimFrame, SidecarFrame> {
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final CompletableFuture<String> instanceId = new CompletableFuture<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<ClientCallStreamObserver<ShimFrame>> outbound =
        new CompletableFuture<>();
    private final boolean attending;

    Stream(boolean attending) {
      this.attending = attending;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ShimFrame> stream) {
      outbound.complete(stream);
    }

    private void begin(Call call) {
      send(ShimFrame.newBuilder().setCall(call).build());
    }

    private synchronized void send(ShimFrame frame) {
      outbound.join().onNext(frame);
    }

    @Override
    public void onNext(SidecarFrame frame) {
      if (!instanceId.isDone()) {
        instanceId.complete(frame.getInstanceId());
      }
      if (frame.hasStorageOp()) {
        ops.add(frame.getStorageOp().getOpId() + " " + frame.getStorageOp().getOpCase());
        asked.countDown();
        send(ShimFrame.newBuilder().setStorageReply(answer(frame.getStorageOp())).build());
      }
      if (frame.hasSystemOp()) {
        ops.add(frame.getSystemOp().getOpId() + " " + frame.getSystemOp().getOpCase());
        if (breaksAtEvents) {
          cancel();
          return;
        }
        send(ShimFrame.newBuilder().setSystemReply(answer(frame.getSystemOp())).build());
      }
      if (frame.hasResult()) {
        result.complete(frame.getResult());
      }
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
      result.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
      if (!attending) {
        outbound.join().onCompleted();
      }
    }

    /** Sends news of the mount. */
    void notice() {
      send(ShimFrame.newBuilder().setNotice(Notice.newBuilder().setWritable(true)).build());
    }

    /** Ends the stream as a plugin whose request was cancelled does. */
    void cancel() {
      outbound.join().cancel("test", null);
    }

    /** Returns once the sidecar has asked storage for the first time. */
    void awaitFirstOp() throws InterruptedException {
      if (!asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the sidecar asked nothing of storage");
      }
    }

    String instanceId() {
      return get(instanceId);
    }

    Result result() {
      return get(result);
    }

    /** Returns why the request was refused so far; empty where it was not. */
    Optional<Error> refusal() {
      return result.isDone() && !result.isCompletedExceptionally() && result.join().hasError()
          ? Optional.of(result.join().getError())
          : Optional.empty();
    }

    Status end() {
      return get(end);
    }

    private static <T> T get(CompletableFuture<T> future) {
      try {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StatusRuntimeException status) {
          throw status;
        }
        throw new AssertionError(e);
      } catch (TimeoutException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private SystemReply answer(SystemOp op) {
    var reply = SystemReply.newBuilder().setOpId(op.getOpId());
    if (withoutEvents) {
      var none = SystemReply.Failure.newBuilder().setUnsupported(true).setMessage("no event bus");
      return reply.setFailure(none).build();
    }
    events.send(op.getSendEvent().getEventType(), op.getSendEvent().getMetadataMap());
    return reply.setDone(SystemReply.Done.getDefaultInstance()).build();
  }

  private StorageReply answer(StorageOp op) {
    var reply = StorageReply.newBuilder().setOpId(op.getOpId());
    try {
      switch (op.getOpCase()) {
        case GET -> reply.setEntry(refuseTooLarge(entry(op.getGet().getKey()), false));
        case PUT -> {
          if (holds(op.getPut())) {
            storage.put(op.getPut().getKey(), op.getPut().getValue().toByteArray());
            reply.setDone(StorageReply.Done.getDefaultInstance());
          } else {
            reply.setChanged(StorageReply.Changed.getDefaultInstance());
          }
        }
        case DELETE -> {
          storage.delete(op.getDelete().getKey());
          reply.setDone(StorageReply.Done.getDefaultInstance());
        }
        case LIST -> reply.setKeys(page(op.getList()));
        case GET_MANY -> {
          var entries = StorageReply.Entries.newBuilder();
          long bytes = 0;
          for (var key : op.getGetMany().getKeysList()) {
            var entry = entry(key);
            bytes += entry.getValue().size();
            refuseTooLarge(entry, entries.getEntriesCount() > 0);
            if (entries.getEntriesCount() == manyAtATime
                || (entries.getEntriesCount() > 0 && bytes > MOST_BATCH_BYTES)) {
              break;
            }
            entries.addEntries(entry);
          }
          reply.setEntries(entries);
        }
        case OP_NOT_SET -> throw new AssertionError("an op without an op");
      }
    } catch (StorageException e) {
      reply.setFailure(
          StorageReply.Failure.newBuilder()
              .setKind(
                  switch (e.kind()) {
                    case READ_ONLY -> StorageReply.Failure.Kind.KIND_READ_ONLY;
                    case NOT_ACTIVE -> StorageReply.Failure.Kind.KIND_NOT_ACTIVE;
                    case UNREADABLE -> StorageReply.Failure.Kind.KIND_TOO_LARGE;
                    default -> StorageReply.Failure.Kind.KIND_OTHER;
                  })
              .setMessage(String.valueOf(e.getMessage())));
    }
    return reply.build();
  }

  private boolean holds(StorageOp.Put put) {
    var key = put.getCondition().getKey();
    return !put.hasCondition()
        || storage.get(key).filter(value -> tag(value) == put.getCondition().getTag()).isPresent();
  }

  private static long tag(byte[] value) {
    return Arrays.hashCode(value);
  }

  /** Returns an entry as a call brings it along. */
  StorageEntry prefetched(String key) {
    var entry = entry(key);
    storage.get(key).ifPresent(value -> entry.setTag(tag(value)));
    return entry.build();
  }

  /** An entry that others came before is asked for again. */
  private static StorageEntry.Builder refuseTooLarge(StorageEntry.Builder entry, boolean others) {
    int bytes = entry.getValue().size();
    if (bytes > LARGEST_ENTRY_BYTES && !others) {
      throw new StorageException(
          StorageException.Kind.UNREADABLE, "the entry has %d bytes".formatted(bytes));
    }
    return entry;
  }

  private StorageReply.Keys.Builder page(StorageOp.List list) {
    var names =
        storage.list(list.getPrefix()).stream()
            .filter(name -> name.compareTo(list.getAfter()) > 0)
            .toList();
    return StorageReply.Keys.newBuilder()
        .addAllNames(names.stream().limit(namesAtATime).toList())
        .setMore(names.size() > namesAtATime);
  }

  private StorageEntry.Builder entry(String key) {
    var entry = StorageEntry.newBuilder().setKey(key);
    storage.get(key).ifPresent(value -> entry.setValue(ByteString.copyFrom(value)));
    return entry;
  }
}
