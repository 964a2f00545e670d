package dev.genesysvault.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.proto.v1.SidecarGrpc;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.RecordedMeters;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes are taken before they are parsed, and given back when their call ends. */
final class AdmissionTest {
  private static final int MIB = 1024 * 1024;

  private final RecordedMeters meters = new RecordedMeters();
  private final Admission admission =
      new Admission(8 * MIB, new InlineTasks(), new BugLog(new FakeTime()), meters);
  private final List<String> seen = new ArrayList<>();

  /** A call that notes how it is ended. */
  private static final class Played extends ServerCall<InputStream, InputStream> {
    private final String method;
    private Status end = Status.OK;

    Played(String method) {
      this.method = method;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(InputStream message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      end = status;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<InputStream, InputStream> getMethodDescriptor() {
      var marshaller =
          new MethodDescriptor.Marshaller<InputStream>() {
            @Override
            public InputStream stream(InputStream value) {
              return value;
            }

            @Override
            public InputStream parse(InputStream stream) {
              return stream;
            }
          };
      return MethodDescriptor.newBuilder(marshaller, marshaller)
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(
              MethodDescriptor.generateFullMethodName(SidecarGrpc.SERVICE_NAME, method))
          .build();
    }
  }

  @Test
  void what_fits_is_handed_on_and_given_back_at_the_end() {
    var call = new Played("Serve");
    var listener = begin(call);

    listener.onMessage(bytes(2 * MIB));
    listener.onMessage(bytes(MIB));
    assertThat(admission.held()).isEqualTo(3 * MIB);
    listener.onComplete();

    assertThat(admission.held()).isZero();
    assertThat(seen).containsExactly("message", "message", "complete");
    assertThat(call.end).isEqualTo(Status.OK);
  }

  @Test
  void what_does_not_fit_is_an_error_of_that_call_alone() {
    begin(new Played("Serve")).onMessage(bytes(4 * MIB));
    var call = new Played("Serve");
    var listener = begin(call);
    seen.clear();

    try (var logs = new CapturedLogs()) {
      listener.onMessage(bytes(4 * MIB));
      listener.onMessage(bytes(1));
      listener.onHalfClose();
      listener.onComplete();

      assertThat(logs.lines(Level.WARN)).singleElement().asString().contains("was refused");
    }
    assertThat(call.end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(call.end.getDescription()).contains("ask again");
    assertThat(seen).containsExactly("cancel");
    assertThat(meters.counted(Metric.GRPC_CALLS_REFUSED, "memory")).isEqualTo(1);
    assertThat(admission.held()).isEqualTo(4 * MIB);
  }

  @Test
  void small_frames_get_in_where_large_ones_do_not() {
    begin(new Played("Serve")).onMessage(bytes(6 * MIB));
    var large = new Played("Serve");
    var small = new Played("Serve");

    begin(large).onMessage(bytes(MIB));
    begin(small).onMessage(bytes(Admission.SMALL_BYTES));

    assertThat(large.end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(small.end).isEqualTo(Status.OK);
  }

  @Test
  void a_call_that_is_cancelled_gives_back_too() {
    var listener = begin(new Played("Serve"));
    listener.onMessage(bytes(MIB));

    listener.onCancel();

    assertThat(admission.held()).isZero();
  }

  @Test
  void whether_the_sidecar_is_there_is_answered_where_nothing_else_fits() {
    while (admission.held() + Admission.SMALL_BYTES <= 8 * MIB) {
      begin(new Played("Serve")).onMessage(bytes(Admission.SMALL_BYTES));
    }
    var hello = new Played("Hello");

    begin(hello).onMessage(bytes(Admission.SMALL_BYTES));

    assertThat(hello.end.isOk()).isTrue();
    assertThat(admission.held()).isEqualTo(8 * MIB);
  }

  @Test
  void sessions_are_bounded_elsewhere() {
    begin(new Played("Attend")).onMessage(bytes(64 * MIB));

    assertThat(admission.held()).isZero();
    assertThat(seen).containsExactly("message");
  }

  private Listener<InputStream> begin(Played call) {
    return admission.interceptCall(
        call,
        new Metadata(),
        (_, _) ->
            new Listener<>() {
              @Override
              public void onMessage(InputStream message) {
                seen.add("message");
              }

              @Override
              public void onComplete() {
                seen.add("complete");
              }

              @Override
              public void onCancel() {
                seen.add("cancel");
              }
            });
  }

  private static InputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }
}
