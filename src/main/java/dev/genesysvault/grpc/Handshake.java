package dev.genesysvault.grpc;

import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.proto.v1.Call;
import io.grpc.Status;
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
