package dev.genesysvault.grpc;

import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.SidecarGrpc;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.Turns;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Events;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real streams of the sidecar on a real socket, and in place of its engine a script. */
public final class ScriptedSidecar implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Server server;

  /** What is done in each stream; a request is answered with nothing afterwards. */
  @FunctionalInterface
  public interface Script {
    /** Does it with what the stream lends. */
    void run(Storage storage, Events events) throws InterruptedException;
  }

  /** Starts to listen. */
  public ScriptedSidecar(Path socket, Script script) throws IOException {
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .addService(new Service(script))
            .build()
            .start();
  }

  @Override
  public void close() {
    server.shutdownNow();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static final class Service extends SidecarGrpc.SidecarImplBase {
    private final Script script;

    Service(Script script) {
      this.script = script;
    }

    @Override
    public StreamObserver<ShimFrame> serve(StreamObserver<SidecarFrame> observer) {
      return stream(observer, script, true);
    }

    @Override
    public StreamObserver<ShimFrame> attend(StreamObserver<SidecarFrame> observer) {
      return stream(observer, script, false);
    }

    private static ShimStream stream(
        StreamObserver<SidecarFrame> observer, Script script, boolean answers) {
      return new ShimStream(
          new Handshake(
              new Instance("scripted", "v0.1.0", FakeTime.START),
              List.of(EngineDescriptor.current())),
          new VirtualThreadTasks(),
          new SystemLocks(),
          new BugLog(new FakeTime()),
          new Turns(3, new SystemLocks()),
          Meters.NONE,
          "scripted",
          (ServerCallStreamObserver<SidecarFrame>) observer) {
        @Override
        void work(
            Call call, EngineDescriptor descriptor, Storage storage, Events events, Outbound stream)
            throws InterruptedException {
          script.run(storage, events);
          if (!answers) {
            stream.fail(Status.ABORTED.withDescription("the script is at its end"));
          } else if (stream.send(
              SidecarFrame.newBuilder()
                  .setResult(
                      Result.newBuilder().setNothing(Result.Nothing.getDefaultInstance())))) {
            stream.complete();
          }
        }
      };
    }
  }
}
