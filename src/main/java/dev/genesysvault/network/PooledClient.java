package dev.genesysvault.network;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
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

  /** Far more than the calls that a request budget allows at a time; bounds what a storm opens. */
  private static final int MOST_CONNECTIONS = 2_000;

  /** Well before load balancers hang up on an idle connection, a minute being usual. */
  private static final TimeValue LONGEST_IDLE = TimeValue.ofSeconds(30);

  /** An idle connection is looked at, which takes a millisecond, whether the other side hung up. */
  private static final TimeValue FRESH = TimeValue.ofMilliseconds(100);

  /** How long a header of a reply may be, and how many there may be. */
  private static final Http1Config HEADS =
      Http1Config.custom().setMaxLineLength(64 * 1024).setMaxHeaderCount(500).build();

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
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(HEADS).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(connectTimeout))
                    .setValidateAfterInactivity(FRESH)
                    .build())
            .build();
    client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(REQUESTS)
            .setRoutePlanner(new OwnRoute())
            .addExecInterceptorBefore(ChainElement.CONNECT.name(), "begins", PooledClient::begins)
            .addExecInterceptorAfter(ChainElement.CONNECT.name(), "leaves", PooledClient::leaves)
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

  private static ClassicHttpResponse begins(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (scope.originalRequest instanceof Sending sending) {
      sending.begins();
    }
    return chain.proceed(request, scope);
  }

  private static ClassicHttpResponse leaves(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (scope.originalRequest instanceof Sending sending) {
      sending.leaves();
    }
    return chain.proceed(request, scope);
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
