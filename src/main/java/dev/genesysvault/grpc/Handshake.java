package dev.genesysvault.grpc;

import com.google.protobuf.ByteString;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.HelloReply;
import dev.genesysvault.resilience.Tasks;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Whether plugin and sidecar fit together; asked of every stream. */
final class Handshake {
  /** The protocol versions that this sidecar serves. */
  static final List<Integer> PROTOCOL_VERSIONS = List.of(1);

  private final Instance instance;
  private final List<EngineDescriptor> descriptors;

  Handshake(Instance instance, List<EngineDescriptor> descriptors) {
    this.instance = instance;
    this.descriptors = descriptors;
  }

  /**
   * Says who is there, in a task, as requests are answered: that it comes shows that tasks run,
   * which the threads that read the socket do without.
   */
  void greet(StreamObserver<HelloReply> observer, Tasks tasks) {
    if (observer instanceof ServerCallStreamObserver<HelloReply> call) {
      // Who has gone meanwhile gets no answer, which is no error.
      call.setOnCancelHandler(() -> {});
    }
    var _ =
        tasks.start(
            "hello",
            () -> {
              observer.onNext(greeting());
              observer.onCompleted();
            });
  }

  private HelloReply greeting() {
    var reply =
        HelloReply.newBuilder()
            .addAllProtocolVersions(PROTOCOL_VERSIONS)
            .setSidecarVersion(instance.version())
            .setInstanceId(instance.id());
    for (var descriptor : descriptors) {
      reply.addDescriptorSha256(ByteString.copyFrom(HexFormat.of().parseHex(descriptor.sha256())));
    }
    return reply.build();
  }

  /** Returns the descriptor that a call was made by; empty where the halves do not fit. */
  Optional<EngineDescriptor> descriptor(Call call) {
    if (!PROTOCOL_VERSIONS.contains(call.getProtocolVersion())) {
      return Optional.empty();
    }
    var sha256 = HexFormat.of().formatHex(call.getDescriptorSha256().toByteArray());
    return descriptors.stream().filter(served -> served.sha256().equals(sha256)).findFirst();
  }

  /** Returns why a call's halves do not fit. */
  Status refusal(Call call) {
    boolean protocol = PROTOCOL_VERSIONS.contains(call.getProtocolVersion());
    var what =
        protocol
            ? "another set of paths (engine descriptor %.12s…)"
                .formatted(HexFormat.of().formatHex(call.getDescriptorSha256().toByteArray()))
            : "protocol version %d, and the sidecar %s"
                .formatted(call.getProtocolVersion(), PROTOCOL_VERSIONS);
    return Status.FAILED_PRECONDITION.withDescription(
        "plugin %s and sidecar %s do not fit together: the plugin has %s; upgrade the sidecar first, then the plugin"
            .formatted(call.getShimVersion(), instance.version(), what));
  }
}
