package dev.genesysvault.grpc;

import dev.genesysvault.engine.Engine;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.HelloReply;
import dev.genesysvault.proto.v1.HelloRequest;
import dev.genesysvault.proto.v1.InvalidateReply;
import dev.genesysvault.proto.v1.InvalidateRequest;
import dev.genesysvault.proto.v1.Notice;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.proto.v1.ShimFrame;
import dev.genesysvault.proto.v1.SidecarFrame;
import dev.genesysvault.proto.v1.SidecarGrpc;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.resilience.Turns;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.Events;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Serves the contract. */
final class SidecarService extends SidecarGrpc.SidecarImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(SidecarService.class);

  /** Vault's own limit of a request, where the plugin sends none. */
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(90);

  /** Batches of entries that are held at once, of all mounts: each is 1 MiB, and 4 at the worst. */
  private static final int BATCHES_AT_ONCE = 3;

  private final Engine engine;
  private final Instance instance;

  /** The frame around a result is smaller than the difference. */
  private static final int LARGEST_RESULT_BYTES = SidecarServer.LARGEST_MESSAGE_BYTES - (1 << 10);

  private final Handshake handshake;
  private final Tasks tasks;
  private final Locks locks;
  private final Time time;
  private final BugLog bugs;
  private final Turns turns;
  private final Meters meters;

  SidecarService(
      Engine engine, Instance instance, Tasks tasks, Locks locks, Time time, Meters meters) {
    this.meters = meters;
    this.engine = engine;
    this.instance = instance;
    this.handshake = new Handshake(instance, engine.descriptors());
    this.tasks = tasks;
    this.locks = locks;
    this.time = time;
    this.bugs = new BugLog(time);
    this.turns = new Turns(BATCHES_AT_ONCE, locks);
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloReply> observer) {
    handshake.greet(observer, tasks);
  }

  @Override
  public void invalidate(InvalidateRequest request, StreamObserver<InvalidateReply> observer) {
    engine.invalidate(request.getMountUuid(), request.getKeysList());
    observer.onNext(InvalidateReply.newBuilder().setInstanceId(instance.id()).build());
    observer.onCompleted();
  }

  @Override
  public StreamObserver<ShimFrame> serve(StreamObserver<SidecarFrame> observer) {
    var deadline = Deadline.in(timeLeft(), time);
    return new ShimStream(
        handshake, tasks, locks, bugs, turns, meters, instance.id(), serverCall(observer)) {
      @Override
      void work(
          Call call, EngineDescriptor descriptor, Storage storage, Events events, Outbound stream)
          throws InterruptedException {
        var result =
            LogContext.call(
                call.getRequestId(),
                call.getMount()::getPath,
                () -> answer(call, descriptor, storage, events));
        if (stream.send(SidecarFrame.newBuilder().setResult(result))) {
          stream.complete();
        }
      }

      private Result answer(Call call, EngineDescriptor descriptor, Storage storage, Events events)
          throws InterruptedException {
        long begun = time.nanos();
        try {
          var measured = new MeasuredStorage(storage, time, meters);
          var request = Wire.request(call, descriptor, measured, events, deadline);
          // Once as it came, and once more as what was taken out of it.
          var fitting = new Fitting();
          var reply = engine.serve(request, 2L * call.getSerializedSize(), fitting);
          meters.held(
              Metric.REQUEST_STORAGE_OPERATIONS,
              measured.operations(),
              engine.path(request),
              request.operation().word());
          log(request, reply, Duration.ofNanos(time.nanos() - begun));
          return fitting.result;
        } catch (RefusedException e) {
          RefusedCall.FIELDS.count(meters);
          return Wire.result(e.reply());
        }
      }
    };
  }

  @Override
  public StreamObserver<ShimFrame> attend(StreamObserver<SidecarFrame> observer) {
    return new ShimStream(
        handshake, tasks, locks, bugs, turns, meters, instance.id(), serverCall(observer)) {
      private volatile String mountUuid = "";

      @Override
      void begins(Call call) {
        mountUuid = call.getMount().getUuid();
      }

      @Override
      void work(
          Call call, EngineDescriptor descriptor, Storage storage, Events events, Outbound stream)
          throws InterruptedException {
        if (call.getOperation() != Operation.OPERATION_ATTEND) {
          throw new IllegalArgumentException(
              "the call's operation is %s; Attend knows OPERATION_ATTEND alone"
                  .formatted(call.getOperation()));
        }
        var mount = Wire.mount(call.getMount());
        var end =
            engine.attend(
                mount, new MountStorage(new MeasuredStorage(storage, time, meters)), events);
        stream.fail(
            switch (end) {
              case SUPERSEDED ->
                  Status.ABORTED.withDescription(
                      "a newer background session of this mount took over");
              case STOPPING -> Status.UNAVAILABLE.withDescription("the sidecar is stopping");
            });
      }

      @Override
      void noticed(Notice notice) {
        engine.noticed(
            mountUuid,
            notice.getPath(),
            notice.hasTainted() ? Optional.of(notice.getTainted()) : Optional.empty());
      }
    };
  }

  /** A reply that has no room in a message would end the stream without a word. */
  private static final class Fitting implements UnaryOperator<Reply> {
    private Result result = Result.getDefaultInstance();

    @Override
    public Reply apply(Reply reply) {
      result = Wire.result(reply);
      int bytes = result.getSerializedSize();
      if (bytes <= LARGEST_RESULT_BYTES) {
        return reply;
      }
      var refusal =
          new Reply.Refusal(
              500,
              "the reply has %d bytes; at most %d can be sent: ask for less at a time"
                  .formatted(bytes, LARGEST_RESULT_BYTES));
      result = Wire.result(refusal);
      return refusal;
    }
  }

  private static Duration timeLeft() {
    var deadline = Context.current().getDeadline();
    return deadline == null
        ? LONGEST_REQUEST
        : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private static ServerCallStreamObserver<SidecarFrame> serverCall(
      StreamObserver<SidecarFrame> observer) {
    return (ServerCallStreamObserver<SidecarFrame>) observer;
  }

  private static LogCause cause(Request request, Reply reply) {
    return LogCause.at(
        request.mount().uuid(),
        request.pathId(),
        request.operation(),
        reply instanceof Reply.Refusal refusal ? refusal.httpStatus() : 0);
  }

  /** One line a request; a healthy one is not worth a line of an operator's log. */
  private static void log(Request request, Reply reply, Duration took) {
    boolean failed = reply instanceof Reply.Refusal refusal && refusal.httpStatus() >= 500;
    LOG.atLevel(failed ? Level.WARN : Level.DEBUG)
        .addKeyValue("path", request.pathId())
        .addKeyValue("operation", request.operation())
        .addKeyValue("mount", request.mount().uuid())
        .addKeyValue(
            "outcome",
            reply instanceof Reply.Refusal refusal
                ? refusal.httpStatus() + " " + refusal.message()
                : reply.getClass().getSimpleName())
        .addKeyValue("ms", took.toMillis())
        .addKeyValue(LogCause.KEY, cause(request, reply))
        .log("request served");
  }
}
