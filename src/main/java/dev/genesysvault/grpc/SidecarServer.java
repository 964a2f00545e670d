package dev.genesysvault.grpc;

import dev.genesysvault.engine.Engine;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Listens on a Unix socket for the plugin. */
public final class SidecarServer implements AutoCloseable {
  /** What both sides of the contract accept. */
  static final int LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

  /** Parsed, a request takes about four times its bytes; half of the heap is others'. */
  private static final int SHARE_OF_HEAP = 8;

  private static final int WINDOW_BYTES = 1024 * 1024;

  private static final int WORKER_THREADS = 2;
  private static final long GRACE_SECONDS = 5;

  private final SocketFile file;
  private final Engine engine;
  private final OpenStreams streams;
  private final Server server;
  private final HealthStatusManager health;
  private final EventLoopGroup acceptor;
  private final EventLoopGroup workers;

  private SidecarServer(
      Path socket,
      ChannelHandler accepting,
      Admission admission,
      OpenStreams streams,
      Engine engine,
      SidecarService service) {
    this.streams = streams;
    this.file = new SocketFile(socket);
    this.engine = engine;
    this.health = new HealthStatusManager();
    this.acceptor = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    this.workers = new MultiThreadIoEventLoopGroup(WORKER_THREADS, EpollIoHandler.newFactory());
    this.server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelFactory(() -> {
              var listening = new EpollServerDomainSocketChannel();
              listening.pipeline().addLast(accepting);
              return listening;
            })
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(workers)
            // Nothing that gRPC calls waits; what works for a request is a task of its own.
            .directExecutor()
            .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
            // Of a size of its own: else the way to the plugin is measured with a ping for whatever
            // arrives.
            .flowControlWindow(WINDOW_BYTES)
            .addStreamTracerFactory(streams)
            .addService(
                ServerInterceptors.intercept(
                    ServerInterceptors.useInputStreamMessages(service.bindService()), admission))
            .addService(health.getHealthService())
            .build();
  }

  /**
   * Starts to listen.
   *
   * @param socket whose directory exists; a stale socket file is removed
   * @param accepting meets what goes wrong when a connection is to be taken; sharable
   * @param meters where requests and their operations on storage are reported
   * @throws IOException if the socket cannot be used; its message says why and what to do
   */
  public static SidecarServer start(
      Path socket,
      ChannelHandler accepting,
      Engine engine,
      Instance instance,
      Tasks tasks,
      Locks locks,
      Time time,
      Meters meters)
      throws IOException {
    new SocketFile(socket).clear();
    var started =
        new SidecarServer(
            socket,
            accepting,
            new Admission(
                Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, tasks, new BugLog(time), meters),
            new OpenStreams(),
            engine,
            new SidecarService(engine, instance, tasks, locks, time, meters));
    try {
      started.server.start();
      started.file.open();
    } catch (IOException e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** Returns which calls of plugins are open, and which refusals are counted. */
  public Gauges gauges() {
    return readings -> {
      streams.read(readings);
      RefusedCall.begun(readings);
    };
  }

  /** Whether it accepts requests. */
  public boolean serving() {
    return !server.isShutdown();
  }

  /** Waits until it has stopped. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  /** Lets requests under way end for some seconds, then stops; removes the socket file. */
  @Override
  public void close() throws IOException {
    health.enterTerminalState();
    server.shutdown();
    engine.stop();
    try {
      if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        var _ = server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      file.remove();
      var _ = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      var _ = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
