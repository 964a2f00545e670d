package dev.genesysvault.training;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.HelloRequest;
import dev.genesysvault.proto.v1.MountFacts;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.SidecarGrpc;
import dev.genesysvault.proto.v1.SystemReply;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.storage.Json;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Speaks to a sidecar as the plugin of one mount does, with {@link PlayedStorage} behind it. */
final class PlayedPlugin implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;
  private static final int LOOKS = 1_000;
  private static final int PROTOCOL = 1;

  private final PlayedStorage storage = new PlayedStorage();
  private final Path socket;
  private final SystemTime time = new SystemTime();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;
  private final String mount = UUID.randomUUID().toString();
  private ByteString descriptor = ByteString.EMPTY;

  /** Speaks to the sidecar of a socket, which need not be there yet. */
  PlayedPlugin(Path socket) {
    this.socket = socket;
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(group)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  /**
   * Waits until the sidecar is there, and takes its own descriptor for the plugin's.
   *
   * @throws IOException if it does not come, or does not answer
   */
  void greet() throws IOException, InterruptedException {
    awaitListening();
    try {
      descriptor =
          SidecarGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .hello(HelloRequest.newBuilder().setProtocolVersion(PROTOCOL).build())
              .getDescriptorSha256(0);
    } catch (StatusRuntimeException e) {
      throw new IOException("the sidecar did not greet: " + e.getStatus(), e);
    }
  }

  private void awaitListening() throws IOException, InterruptedException {
    for (int i = 0; ; i++) {
      try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        if (probe.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (i == LOOKS) {
          throw new IOException("the sidecar did not come: " + e.getMessage(), e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(PATIENCE_SECONDS * 1_000 / LOOKS);
    }
  }

  /** Returns the time, as calls tell it. */
  Timestamp now() {
    return Timestamp.newBuilder().setSeconds(time.now().getEpochSecond()).build();
  }

  /** Returns a call without fields. */
  Call.Builder call(Operation operation, String path, Map<String, String> captures) {
    return Call.newBuilder()
        .setProtocolVersion(PROTOCOL)
        .setDescriptorSha256(descriptor)
        .setShimVersion("training")
        .setRequestId(UUID.randomUUID().toString())
        .setMount(
            MountFacts.newBuilder()
                .setUuid(mount)
                .setPath("genesys/")
                .setWritable(true)
                .setTainted(false)
                .setDefaultLeaseTtl(Duration.newBuilder().setSeconds(3_600))
                .setMaxLeaseTtl(Duration.newBuilder().setSeconds(86_400)))
        .setOperation(operation)
        .setPathId(path)
        .putAllCaptures(captures);
  }

  /** Returns a call with fields. */
  Call.Builder call(
      Operation operation, String path, Map<String, String> captures, Map<String, Object> fields) {
    return call(operation, path, captures).setFieldsJson(ByteString.copyFrom(Json.write(fields)));
  }

  /** Opens the mount's background session, which lasts until the end. */
  void attend() {
    var conversation = new Conversation();
    conversation.begin(
        SidecarGrpc.newStub(channel).attend(conversation),
        call(Operation.OPERATION_ATTEND, "", Map.of()).build());
  }

  /**
   * Asks and returns the answer.
   *
   * @throws IOException if there is none, or a refusal
   */
  Result ask(Call.Builder call) throws IOException, InterruptedException {
    var conversation = new Conversation();
    conversation.begin(
        SidecarGrpc.newStub(channel)
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .serve(conversation),
        call.build());
    var what = call.getOperation() + " " + call.getPathId();
    try {
      var result = conversation.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (result.hasError()) {
        throw new IOException(what + " was refused: " + result.getError().getMessage());
      }
      return result;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(what + " was not answered: " + e.getMessage(), e);
    }
  }

  /** One stream: answers what it is asked until its result is there. */
  private final class Conversation implements StreamObserver<SidecarFrame> {
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final CompletableFuture<StreamObserver<ShimFrame>> toSidecar =
        new CompletableFuture<>();

    private void begin(StreamObserver<ShimFrame> opened, Call call) {
      toSidecar.complete(opened);
      send(ShimFrame.newBuilder().setCall(call));
    }

    private synchronized void send(ShimFrame.Builder frame) {
      toSidecar.join().onNext(frame.build());
    }

    @Override
    public void onNext(SidecarFrame frame) {
      switch (frame.getFrameCase()) {
        case STORAGE_OP ->
            send(ShimFrame.newBuilder().setStorageReply(storage.answer(frame.getStorageOp())));
        case SYSTEM_OP ->
            send(
                ShimFrame.newBuilder()
                    .setSystemReply(
                        SystemReply.newBuilder()
                            .setOpId(frame.getSystemOp().getOpId())
                            .setDone(SystemReply.Done.getDefaultInstance())));
        case RESULT -> {
          result.complete(frame.getResult());
          toSidecar.join().onCompleted();
        }
        case FRAME_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable cause) {
      result.completeExceptionally(Status.fromThrowable(cause).asRuntimeException());
    }

    @Override
    public void onCompleted() {
      result.completeExceptionally(new IOException("the stream ended without a result"));
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
