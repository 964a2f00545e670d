package dev.genesysvault.observe;

import dev.genesysvault.observe.ManagementExchange.Answers;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Tasks;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpDecoderConfig;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} of health and metrics over HTTP, and shows pages. Whoever reaches the port
 * can do no more than ask: connections, sizes and times are bounded, and one thread serves them
 * all.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  /** Connections at a time; one more, and the oldest is cut. */
  static final int MOST_CONNECTIONS = 64;

  /** Longest request line, in bytes. */
  static final int LONGEST_LINE = 1024;

  /** All headers of a request together, in bytes. */
  static final int LARGEST_HEADERS = 8 * 1024;

  /** How long one connection may take from its first to its last byte. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int LARGEST_CHUNK = 1024;
  private static final int WAITING_TO_BE_ACCEPTED = 128;

  private final EventLoopGroup loop;
  private final Channel channel;

  private ManagementServer(EventLoopGroup loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /**
   * Starts to listen.
   *
   * @param health to answer with, as metrics and pages
   * @param names by which it may be asked beside its address, in lower case
   * @param tasks where they are worked out
   * @param bugs where trouble with the port is told
   * @throws IOException if the address cannot be used; its message names it
   */
  public static ManagementServer start(
      InetSocketAddress address,
      Health health,
      Metrics metrics,
      Pages pages,
      List<String> names,
      Tasks tasks,
      BugLog bugs)
      throws IOException {
    var answers = new Answers(health, metrics, pages, new HostCheck(names), tasks, bugs);
    var server = start(address, answers, PATIENCE);
    if (!server.address().getAddress().isLoopbackAddress()) {
      LOG.atInfo()
          .addKeyValue("address", server.address())
          .log("the management address can be asked from other hosts; it has no password");
    }
    return server;
  }

  static ManagementServer start(InetSocketAddress address, Answers answers, Duration patience)
      throws IOException {
    var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, WAITING_TO_BE_ACCEPTED)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(ManagementExchange.PIECE, 2 * ManagementExchange.PIECE))
            .handler(new AcceptTrouble("the management address", answers.bugs()))
            .childHandler(connections(answers, patience))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "management address %s cannot be used: %s".formatted(address, bound.cause().getMessage()),
          bound.cause());
    }
    return new ManagementServer(loop, bound.channel());
  }

  /** Sets up each connection, all in the one thread, so that nobody else touches the set. */
  private static ChannelHandler connections(Answers answers, Duration patience) {
    Set<Channel> open = new LinkedHashSet<>();
    return new ChannelInitializer<SocketChannel>() {
      @Override
      protected void initChannel(SocketChannel connection) {
        if (open.size() >= MOST_CONNECTIONS) {
          var _ = open.iterator().next().close();
        }
        open.add(connection);
        var _ = connection.closeFuture().addListener(_ -> open.remove(connection));
        connection
            .pipeline()
            .addLast(
                new HttpServerCodec(
                    new HttpDecoderConfig()
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LARGEST_HEADERS)
                        .setMaxChunkSize(LARGEST_CHUNK)),
                new ChunkedWriteHandler(),
                new ManagementExchange(answers, patience));
      }
    };
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    var _ = channel.close().awaitUninterruptibly();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
