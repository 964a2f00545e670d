package dev.genesysvault.grpc;

import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.SystemOp;
import dev.genesysvault.upstream.Events;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Vault's event bus, reached through one stream and dead with it. */
final class StreamEvents implements Events {
  private static final Logger LOG = LoggerFactory.getLogger(StreamEvents.class);

  private final OpsInFlight ops;

  StreamEvents(OpsInFlight ops) {
    this.ops = ops;
  }

  @Override
  public void send(String type, Map<String, String> metadata) throws InterruptedException {
    var event = SystemOp.SendEvent.newBuilder().setEventType(type).putAllMetadata(metadata);
    var answer =
        ops.ask(id ->
            SidecarFrame.newBuilder()
                .setSystemOp(SystemOp.newBuilder().setOpId(id).setSendEvent(event)));
    if (answer.isEmpty()) {
      notSent(type, "the plugin ended the stream");
    } else if (!answer.get().getSystemReply().hasDone()) {
      notSent(type, answer.get().getSystemReply().getFailure().getMessage());
    }
  }

  private static void notSent(String type, String reason) {
    LOG.atDebug()
        .addKeyValue("type", type)
        .addKeyValue("reason", reason)
        .log("Vault did not take an event");
  }
}
