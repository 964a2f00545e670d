package dev.genesysvault.destination.google;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ClientContext;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.secretmanager.v1.SecretManagerServiceClient;
import com.google.cloud.secretmanager.v1.stub.GrpcSecretManagerServiceStub;
import com.google.cloud.secretmanager.v1.stub.SecretManagerServiceStubSettings;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.network.GrpcChannels;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Google's client over a channel of the sidecar's own: one call and its answer at a time. */
final class SecretApi {
  private static final String ROUTING = "x-goog-request-params";
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final GcpSettings settings;
  private final GrpcChannels channels;
  private final GoogleLogIn logIn;
  private final Failures failures;
  private final Locks.Monitor monitor;
  private @Nullable Opened opened;

  SecretApi(
      GcpSettings settings,
      GrpcChannels channels,
      GoogleLogIn logIn,
      Failures failures,
      Locks locks) {
    this.settings = settings;
    this.channels = channels;
    this.logIn = logIn;
    this.failures = failures;
    this.monitor = locks.monitor();
  }

  /**
   * One call.
   *
   * @param resource what it is about: its name
   * @param secrets texts of it that are not to come back in a message
   */
  record Call<Q, A>(
      Ask ask,
      String resource,
      Function<SecretManagerServiceClient, UnaryCallable<Q, A>> method,
      Q request,
      List<String> secrets) {
    Call(
        Ask ask,
        String resource,
        Function<SecretManagerServiceClient, UnaryCallable<Q, A>> method,
        Q request) {
      this(ask, resource, method, request, List.of());
    }

    /** Names no request, which may hold a secret. */
    @Override
    public String toString() {
      return "%s of %s".formatted(ask.method(), resource);
    }
  }

  /** Returns who says what is wrong. */
  Failures failures() {
    return failures;
  }

  /**
   * Asks once, logged in.
   *
   * @throws NotDoneException if nobody could be asked
   */
  <Q, A> Reply<A> ask(Call<Q, A> call, Deadline deadline)
      throws NotDoneException, InterruptedException {
    if (deadline.over()) {
      throw new NotDoneException(failures.noTime(call.ask(), call.resource()));
    }
    var headers = logIn.headers(deadline);
    var left = deadline.left();
    if (!left.isPositive()) {
      throw new NotDoneException(failures.noTime(call.ask(), call.resource()));
    }
    var context =
        GrpcCallContext.createDefault()
            .withTimeoutDuration(left.compareTo(LONGEST) < 0 ? left : LONGEST)
            .withExtraHeaders(headers)
            .withExtraHeaders(Map.of(ROUTING, List.of(route(call))));
    var open = opened();
    try {
      var asked = call.method().apply(open.client()).futureCall(call.request(), context);
      return new Reply.Ok<>(GrpcChannels.await(asked));
    } catch (ApiException e) {
      var code = e.getStatusCode().getCode();
      if (code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED) {
        giveUp(open);
      }
      if (code == Code.UNAUTHENTICATED) {
        logIn.refused();
      }
      return new Reply.Refused<>(
          code, failures.of(call.ask(), call.resource(), e, secrets(call, headers)));
    }
  }

  /** Google's own channels say so; this one is the sidecar's. */
  private String route(Call<?, ?> call) {
    var name = call.ask() == Ask.CREATE ? settings.parent() : call.resource();
    return call.ask().routed() + "=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /** A server that repeats what it was sent would have the token told. */
  private static List<String> secrets(Call<?, ?> call, Map<String, List<String>> headers) {
    return Stream.concat(
            call.secrets().stream(),
            headers.values().stream().flatMap(List::stream).map(SecretApi::token))
        .filter(text -> !text.isBlank())
        .toList();
  }

  private static String token(String header) {
    return header.substring(header.lastIndexOf(' ') + 1);
  }

  private record Opened(GrpcChannels.Open way, SecretManagerServiceClient client) {}

  private Opened opened() {
    return monitor.get(() -> {
      var open = Optional.ofNullable(opened).orElseGet(this::made);
      opened = open;
      return open;
    });
  }

  /**
   * Has the next call take another channel. Whoever asks decides when: gRPC alone would give a
   * failure of before for two minutes, and for ever where a connection is dead and nobody says so.
   */
  private void giveUp(Opened failed) {
    monitor.run(() -> {
      // Another call may have done so.
      if (failed.equals(opened)) {
        opened = null;
      }
    });
    failed.way().end().run();
  }

  /** Its settings come from the channel: the library's own ways to make one are never touched. */
  private Opened made() {
    var way = channels.open(settings.address(), this);
    var channel = GrpcTransportChannel.create(way.channel());
    var context =
        ClientContext.newBuilder()
            .setTransportChannel(channel)
            .setDefaultCallContext(GrpcCallContext.createDefault().withTransportChannel(channel))
            .setStreamWatchdog(null)
            .build();
    try {
      var builder =
          SecretManagerServiceStubSettings.newBuilder(context)
              .setTransportChannelProvider(FixedTransportChannelProvider.create(channel))
              .setStreamWatchdogProvider(null);
      // Whoever asks decides what is asked again, and when.
      builder.applyToAllUnaryMethods(method -> {
        method.setRetryableCodes().setSimpleTimeoutNoRetriesDuration(LONGEST);
        return null;
      });
      return new Opened(
          way,
          SecretManagerServiceClient.create(GrpcSecretManagerServiceStub.create(builder.build())));
    } catch (IOException e) {
      throw new IllegalStateException("Google's client cannot be made of a channel", e);
    }
  }

  @Override
  public String toString() {
    return "SecretApi[%s]".formatted(settings.place());
  }
}
