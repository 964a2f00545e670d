package dev.genesysvault.grpc;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.proto.v1.SidecarGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Counts which calls of the plugin are open; those of methods of the contract alone. */
final class OpenStreams extends ServerStreamTracer.Factory implements Gauges {
  private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

  /** By the whole name of the method. */
  private final Map<String, AtomicInteger> open =
      SidecarGrpc.getServiceDescriptor().getMethods().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  MethodDescriptor::getFullMethodName, _ -> new AtomicInteger()));

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    var count = open.get(method);
    if (count == null) {
      return UNCOUNTED;
    }
    count.incrementAndGet();
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        count.decrementAndGet();
      }
    };
  }

  @Override
  public void read(Readings readings) {
    open.forEach((method, count) ->
        readings.is(
            Metric.GRPC_STREAMS, count.get(), method.substring(method.lastIndexOf('/') + 1)));
  }
}
