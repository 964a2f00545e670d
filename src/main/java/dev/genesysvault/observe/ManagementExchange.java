package dev.genesysvault.observe;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames.HOST;

import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Tasks;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpChunkedInput;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpLineException;
import io.grpc.netty.shaded.io.netty.handler.stream.ChunkedStream;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the management port: one request, one answer, and no more time than it is
 * given. Bodies are thrown away as they come.
 */
final class ManagementExchange extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementExchange.class);
  private static final Answer UNKNOWN =
      Answer.text(404, "not found: ask /, /health, /health/live, /health/ready or /metrics");
  private static final Answer ONLY_READ =
      new Answer(
          405,
          "text/plain; charset=utf-8",
          "only GET and HEAD\n".getBytes(StandardCharsets.US_ASCII),
          Map.of("Allow", "GET, HEAD"));

  /** Bytes of an answer that are on their way at a time. */
  static final int PIECE = 16 * 1024;

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
   * @param hosts for what the caller may believe to ask
   * @param tasks where what is looked up is worked out: the thread of the connections waits for
   *     nothing
   * @param bugs where it is told that it could not be
   */
  record Answers(
      Health health, MetricsText metrics, Pages pages, HostCheck hosts, Tasks tasks, BugLog bugs) {}

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
      send(ctx, ONLY_READ, false);
    } else {
      answer(ctx, request, request.method().equals(HttpMethod.HEAD));
    }
  }

  /** The two probes say nothing that is worth a check, and are asked by names of all kinds. */
  private void answer(ChannelHandlerContext ctx, HttpRequest request, boolean head) {
    var accept = String.join(",", request.headers().getAll(ACCEPT));
    var path = path(request.uri());
    switch (path) {
      case "/health/live" -> send(ctx, answers.health.live(), head);
      case "/health/ready" -> send(ctx, answers.health.ready(), head);
      default -> {
        var host = String.join(",", request.headers().getAll(HOST));
        var refusal = answers.hosts.refusal(host);
        if (refusal.isPresent()) {
          send(ctx, refusal.get(), head);
        } else {
          show(ctx, path, accept, head);
        }
      }
    }
  }

  private void show(ChannelHandlerContext ctx, String path, String accept, boolean head) {
    switch (path) {
      case "/health" -> beside(ctx, "health", head, () -> answers.health.all(accept));
      case "/metrics" -> beside(ctx, "metrics", head, () -> metrics(accept));
      default -> beside(ctx, "the page", head, () -> answers.pages.answer(path).orElse(UNKNOWN));
    }
  }

  private Answer metrics(String accept) {
    var page = answers.metrics.page(accept);
    return new Answer(200, page.contentType(), page.body(), Map.of());
  }

  private void beside(
      ChannelHandlerContext ctx, String what, boolean head, Supplier<Answer> answer) {
    var _ = answers.tasks.start("look", () -> send(ctx, worked(what, answer), head));
  }

  private Answer worked(String what, Supplier<Answer> answer) {
    try {
      return answer.get();
    } catch (RuntimeException | Error e) {
      Fatal.check(e);
      answers.bugs.told(LOG, what + " met a bug", e, line -> line);
      return Answer.text(500, "internal error in the sidecar: see its log");
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
    send(ctx, Answer.text(status.code(), status.reasonPhrase()), false);
  }

  /**
   * Ends what is sent, and lets the caller close: an early end would cut the answer off. What is
   * long goes piece by piece: all readers share one page, and a slow one holds a piece of it alone.
   */
  private static void send(ChannelHandlerContext ctx, Answer answer, boolean head) {
    var body = answer.body();
    if (head || body.length <= PIECE) {
      var content = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
      var reply = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(answer), content);
      setHeaders(reply, answer);
      end(ctx, ctx.writeAndFlush(reply));
      return;
    }
    var begin = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(answer));
    setHeaders(begin, answer);
    var pieces = new ChunkedStream(new ByteArrayInputStream(body), PIECE);
    ctx.executor()
        .execute(() -> {
          var _ = ctx.write(begin);
          end(ctx, ctx.writeAndFlush(new HttpChunkedInput(pieces)));
        });
  }

  private static HttpResponseStatus status(Answer answer) {
    return HttpResponseStatus.valueOf(answer.status());
  }

  private static void setHeaders(HttpResponse reply, Answer answer) {
    answer.headers().forEach(reply.headers()::set);
    reply
        .headers()
        .set(CONTENT_TYPE, answer.contentType())
        .set(CONTENT_LENGTH, answer.body().length)
        .set(CONNECTION, HttpHeaderValues.CLOSE);
  }

  private static void end(ChannelHandlerContext ctx, ChannelFuture sending) {
    var _ =
        sending.addListener((ChannelFuture sent) -> {
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
