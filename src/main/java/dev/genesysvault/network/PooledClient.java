package dev.genesysvault.network;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache's HTTP client, with kept connections and nothing else done for whoever asks. */
final class PooledClient {
  /** What holds for each request. */
  static final RequestConfig REQUESTS =
      RequestConfig.custom()
          // A proxy's log-in is known before it asks, and there is no second one.
          .setAuthenticationEnabled(false)
          .setRedirectsEnabled(false)
          .setProtocolUpgradeEnabled(false)
          .build();

  /** More than the calls that request budgets allow at a time; each may hold some 50 kB. */
  private static final int MOST_CONNECTIONS = 512;

  /** Well before load balancers hang up on an idle connection, a minute being usual. */
  private static final TimeValue LONGEST_IDLE = TimeValue.ofSeconds(30);

  /** An idle connection is looked at, which takes two milliseconds: the other may have hung up. */
  private static final TimeValue FRESH = TimeValue.ofMilliseconds(100);

  /** How long a header of a reply may be, and how many there may be. */
  private static final Http1Config HEADS =
      Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200).build();

  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final AtomicBoolean tidying = new AtomicBoolean();

  /**
   * Makes one.
   *
   * @param tls trusts whom it is to trust
   * @param connectTimeout for a name, for a connection and for TLS, each
   */
  PooledClient(SSLContext tls, Duration connectTimeout) {
    connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(MOST_CONNECTIONS)
            .setMaxConnTotal(MOST_CONNECTIONS)
            .setDnsResolver(new NameLookup(connectTimeout))
            // Whether the host is the certificate's is for the trust of the context to say.
            .setTlsSocketStrategy(
                new DefaultClientTlsStrategy(
                    tls, HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE))
            .setConnectionFactory(_ -> new KeptConnection(HEADS))
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(connectTimeout))
                    .setIdleTimeout(Timeout.of(LONGEST_IDLE.toDuration()))
                    .setValidateAfterInactivity(FRESH)
                    .build())
            .build();
    client =
        HttpClients.custom()
            .setConnectionManager(new NeverClosed(connections))
            .setDefaultRequestConfig(REQUESTS)
            .setRoutePlanner(new OwnRoute())
            .addExecInterceptorBefore(
                ChainElement.CONNECT.name(), "begins", telling(Sending::begins))
            .addExecInterceptorAfter(
                ChainElement.CONNECT.name(), "leaves", telling(Sending::leaves))
            .setRetryStrategy(new SecondTry())
            .disableAuthCaching()
            .disableContentCompression()
            .disableCookieManagement()
            .disableDefaultUserAgent()
            .disableRedirectHandling()
            .build();
  }

  /** Sends a request, and returns a reply whose head has arrived. */
  ClassicHttpResponse send(Sending sending) throws IOException {
    try {
      return client.executeOpen(sending.target(), sending, sending.context());
    } finally {
      tidyLater();
    }
  }

  /** Idle connections are closed for as long as there are some, by no thread of their own. */
  private void tidyLater() {
    if (tidying.compareAndSet(false, true)) {
      var _ =
          ForkJoinPool.commonPool()
              .schedule(this::tidy, LONGEST_IDLE.getDuration(), LONGEST_IDLE.getTimeUnit());
    }
  }

  private void tidy() {
    tidying.set(false);
    connections.closeIdle(LONGEST_IDLE);
    if (connections.getTotalStats().getAvailable() > 0) {
      tidyLater();
    }
  }

  /** Has a request hear how far it has come. */
  private static ExecChainHandler telling(Consumer<Sending> news) {
    return (request, scope, chain) -> {
      if (scope.originalRequest instanceof Sending sending) {
        news.accept(sending);
      }
      return chain.proceed(request, scope);
    };
  }

  /** The client would close all connections, for good, at whatever error one exchange meets. */
  private record NeverClosed(HttpClientConnectionManager all)
      implements HttpClientConnectionManager {
    @Override
    public LeaseRequest lease(String id, HttpRoute route, Timeout timeout, Object state) {
      return all.lease(id, route, timeout, state);
    }

    @Override
    public void release(ConnectionEndpoint endpoint, Object state, TimeValue validDuration) {
      all.release(endpoint, state, validDuration);
    }

    @Override
    public void connect(ConnectionEndpoint endpoint, TimeValue timeout, HttpContext context)
        throws IOException {
      all.connect(endpoint, timeout, context);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
      all.upgrade(endpoint, context);
    }

    @Override
    public void close(CloseMode mode) {}

    @Override
    public void close() {}
  }

  /** Each request knows its way. */
  private static final class OwnRoute implements HttpRoutePlanner {
    @Override
    public HttpRoute determineRoute(HttpHost target, HttpRequest request, HttpContext context)
        throws HttpException {
      if (request instanceof Sending sending) {
        return sending.route();
      }
      throw new HttpException("a request of somebody else");
    }

    @Override
    public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
      throw new HttpException("a way without a request");
    }
  }
}
