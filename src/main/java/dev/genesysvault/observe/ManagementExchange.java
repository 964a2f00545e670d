package dev.genesysvault.observe;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.ALLOW;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;

import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Tasks;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the management port: one request, one answer, and no more time than it is
 * given. Bodies are thrown away as they come.
 */
final class ManagementExchange extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementExchange.class);
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Answers answers;
  private final Duration patience;
  private @Nullable Future<?> end;
  private boolean answered;

  ManagementExchange(Answers answers, Duration patience) {
    this.answers = answers;
    this.patience = patience;
  }

  /**
   * What is answered with.
   *
   * @param serving whether the sidecar serves
   * @param tasks where metrics are worked out: the thread of the connections waits for nothing
   * @param bugs where it is told that they could not be
   */
  record Answers(BooleanSupplier serving, MetricsText metrics, Tasks tasks, BugLog bugs) {}

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Runnable cut = () -> close(ctx);
    end = ctx.executor().schedule(cut, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (end != null) {
      var _ = end.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    if (answered || !(part instanceof HttpRequest request)) {
      return;
    }
    answered = true;
    if (request.decoderResult().isFailure()) {
      broken(ctx, request.decoderResult().cause());
    } else if (!request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD)) {
      var reply = reply(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n", false);
      reply.headers().set(ALLOW, "GET, HEAD");
      send(ctx, reply);
    } else {
      answer(ctx, request, request.method().equals(HttpMethod.HEAD));
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request, boolean head) {
    switch (path(request.uri())) {
      case "/health" -> send(ctx, health(head));
      case "/metrics" -> {
        var accept = String.join(",", request.headers().getAll(ACCEPT));
        var _ = answers.tasks.start("scrape", () -> send(ctx, metrics(accept, head)));
      }
      default ->
          send(
              ctx,
              reply(HttpResponseStatus.NOT_FOUND, "not found: ask /health or /metrics\n", head));
    }
  }

  private DefaultFullHttpResponse health(boolean head) {
    return answers.serving.getAsBoolean()
        ? reply(HttpResponseStatus.OK, "serving\n", head)
        : reply(HttpResponseStatus.SERVICE_UNAVAILABLE, "not serving\n", head);
  }

  private DefaultFullHttpResponse metrics(String accept, boolean head) {
    try {
      var page = answers.metrics.page(accept);
      return reply(HttpResponseStatus.OK, page.contentType(), page.body(), head);
    } catch (RuntimeException | Error e) {
      Fatal.check(e);
      answers.bugs.told(LOG, "metrics met a bug", e, line -> line);
      return reply(
          HttpResponseStatus.INTERNAL_SERVER_ERROR,
          "internal error in the sidecar: see its log\n",
          head);
    }
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static void broken(ChannelHandlerContext ctx, Throwable cause) {
    var status =
        cause instanceof TooLongHttpLineException
            ? HttpResponseStatus.REQUEST_URI_TOO_LONG
            : cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    send(ctx, reply(status, status.reasonPhrase() + "\n", false));
  }

  private static DefaultFullHttpResponse reply(
      HttpResponseStatus status, String text, boolean head) {
    return reply(status, TEXT, text.getBytes(StandardCharsets.US_ASCII), head);
  }

  private static DefaultFullHttpResponse reply(
      HttpResponseStatus status, String contentType, byte[] body, boolean head) {
    var reply =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    reply
        .headers()
        .set(CONTENT_TYPE, contentType)
        .set(CONTENT_LENGTH, body.length)
        .set(CONNECTION, HttpHeaderValues.CLOSE);
    return reply;
  }

  /** Ends what is sent, and lets the caller close: an early end would cut the answer off. */
  private static void send(ChannelHandlerContext ctx, DefaultFullHttpResponse reply) {
    var _ =
        ctx.writeAndFlush(reply)
            .addListener((ChannelFuture sent) -> {
              if (sent.isSuccess() && ctx.channel() instanceof SocketChannel connection) {
                var _ = connection.shutdownOutput();
              } else {
                close(ctx);
              }
            });
  }

  private static void close(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }

  /** The caller has ended what it sends. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    close(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    close(ctx);
  }
}
