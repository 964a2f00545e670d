package dev.genesysvault.observe;

import dev.genesysvault.resilience.BugLog;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket does when it cannot take a connection, mostly since the process has no
 * file descriptor left: it says so once a minute and waits a second, instead of trying without end.
 */
@ChannelHandler.Sharable
public final class AcceptTrouble extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptTrouble.class);
  private static final long WAIT_SECONDS = 1;

  private final String what;
  private final BugLog bugs;

  /**
   * Makes one for one socket.
   *
   * @param what the socket, for the log
   */
  public AcceptTrouble(String what, BugLog bugs) {
    this.what = what;
    this.bugs = bugs;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var config = ctx.channel().config();
    if (config.isAutoRead()) {
      config.setAutoRead(false);
      var _ =
          ctx.channel()
              .eventLoop()
              .schedule(() -> config.setAutoRead(true), WAIT_SECONDS, TimeUnit.SECONDS);
    }
    bugs.count("accept at " + what).ifPresent(count -> tell(cause, count));
  }

  private void tell(Throwable cause, long count) {
    LOG.atError()
        .addKeyValue("at", what)
        .addKeyValue("reason", cause.getMessage())
        .addKeyValue("count", count)
        .log(
            "no new connection can be taken, and those that stand are served; it is tried again each second. Where files have run out, raise the limit of open files (LimitNOFILE) or find who holds them");
  }
}
