package dev.genesysvault.network;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.ProxiedSocketAddress;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2SecurityUtil;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Channels to other hosts' gRPC servers, over TLS and on the way that this process takes. Each
 * connects when it is asked for something, and hangs up after a minute in which it was not.
 */
public final class GrpcChannels {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** Loaded with the first channel: a process that has none has no such thread. */
  private static final class Abandoned {
    private static final Cleaner CLEANER = Cleaner.create();
  }

  private final Network network;

  /** Makes channels that take this way. */
  public GrpcChannels(Network network) {
    this.network = network;
  }

  /**
   * A channel, and how it is given up: who asked already gets the answer.
   *
   * @param end safe to repeat
   */
  public record Open(ManagedChannel channel, Runnable end) {}

  /**
   * Returns a channel to an address; asks nobody. It tries nothing a second time by itself, and
   * holds neither thread nor connection while it is idle.
   *
   * @param address https URL of host and port
   * @param owner with whom it ends: once nobody holds the owner any more
   */
  public Open open(URI address, Object owner) {
    var channel =
        NettyChannelBuilder.forAddress(Addresses.host(address), Addresses.port(address))
            .sslContext(tls())
            .proxyDetector(this::proxied)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
            // What answers do is to wake whoever waits for them.
            .directExecutor()
            .idleTimeout(IDLE.toMillis(), TimeUnit.MILLISECONDS)
            .disableRetry()
            .disableServiceConfigLookUp()
            .build();
    var abandoned = Abandoned.CLEANER.register(owner, channel::shutdown);
    return new Open(channel, abandoned::clean);
  }

  /** By the JDK's TLS, as everything else; gRPC itself has host names verified. */
  private SslContext tls() {
    return new JdkSslContext(
        network.tls(),
        true,
        Http2SecurityUtil.CIPHERS,
        SupportedCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            "h2"),
        ClientAuth.NONE,
        null,
        false);
  }

  private @Nullable ProxiedSocketAddress proxied(SocketAddress target) throws IOException {
    if (!(target instanceof InetSocketAddress host)) {
      return null;
    }
    var uri = URI.create("https://" + Addresses.hostAndPort(host.getHostString(), host.getPort()));
    var proxy = network.proxyTo(uri);
    if (proxy.isEmpty()) {
      return null;
    }
    // Resolved at each connection, since the proxy may move.
    var resolved = new InetSocketAddress(proxy.get().getHostString(), proxy.get().getPort());
    if (resolved.isUnresolved()) {
      throw new UnknownHostException(proxy.get().getHostString());
    }
    Map<String, String> headers =
        network
            .proxyLogIn()
            .map(logIn -> Map.of("Proxy-Authorization", logIn.header().reveal()))
            .orElse(Map.of());
    return HttpConnectProxiedSocketAddress.newBuilder()
        .setProxyAddress(resolved)
        .setTargetAddress(host)
        .setHeaders(headers)
        .build();
  }

  /**
   * Waits for what a channel was asked; the time for that is the asking's own.
   *
   * @throws RuntimeException as the library gives it, if it was not done
   * @throws InterruptedException when interrupted; the asking is given up
   */
  public static <T> T await(Future<T> asked) throws InterruptedException {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      asked.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }
}
