package dev.genesysvault.testing;

import com.google.cloud.secretmanager.v1.AccessSecretVersionRequest;
import com.google.cloud.secretmanager.v1.AccessSecretVersionResponse;
import com.google.cloud.secretmanager.v1.AddSecretVersionRequest;
import com.google.cloud.secretmanager.v1.CreateSecretRequest;
import com.google.cloud.secretmanager.v1.DestroySecretVersionRequest;
import com.google.cloud.secretmanager.v1.DisableSecretVersionRequest;
import com.google.cloud.secretmanager.v1.GetSecretRequest;
import com.google.cloud.secretmanager.v1.GetSecretVersionRequest;
import com.google.cloud.secretmanager.v1.ListSecretVersionsRequest;
import com.google.cloud.secretmanager.v1.ListSecretVersionsResponse;
import com.google.cloud.secretmanager.v1.Secret;
import com.google.cloud.secretmanager.v1.SecretManagerServiceGrpc;
import com.google.cloud.secretmanager.v1.SecretVersion;
import com.google.cloud.secretmanager.v1.SecretVersion.State;
import com.google.cloud.secretmanager.v1.UpdateSecretRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.iam.v1.TestIamPermissionsResponse;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2SecurityUtil;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * Google Secret Manager, played: our own service over Google's stubs, since there is no emulator of
 * it. What it does is what Google's documentation says, and no proof of what Google does. It shows
 * a certificate for {@code *.genesys.test}, and is wrong on request. For many tasks.
 */
public final class PlayedSecretManager extends SecretManagerServiceGrpc.SecretManagerServiceImplBase
    implements AutoCloseable {
  /** What Google puts in place of a project's id in the names that it answers with. */
  private static final String NUMBER = "projects/424242424242";

  private final PlayedGoogleSecrets secrets = new PlayedGoogleSecrets();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final GoogleLogIns logIns = new GoogleLogIns();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedDeque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Server server;
  private volatile Optional<LostCall> lostCall = Optional.empty();
  private volatile Optional<StatusRuntimeException> always = Optional.empty();
  private volatile UnaryOperator<AccessSecretVersionResponse> shown = UnaryOperator.identity();

  /** What becomes of the next call of a method. */
  private record Fault(String method, How how, Runnable meanwhile) {
    enum How {
      LOSE_REQUEST,
      LOSE_ANSWER,
      HANG,
      DO
    }
  }

  private record LostCall(int index, Fault.How how) {}

  private PlayedSecretManager(SSLContext tls) throws IOException {
    var h2 =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            "h2");
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                new JdkSslContext(
                    tls,
                    false,
                    Http2SecurityUtil.CIPHERS,
                    SupportedCipherSuiteFilter.INSTANCE,
                    h2,
                    ClientAuth.NONE,
                    null,
                    false))
            .directExecutor()
            .intercept(logIns)
            .addTransportFilter(new Counting())
            .addService(this)
            .build()
            .start();
  }

  /** Starts one on a port of its own, for everybody who is logged in. */
  public static PlayedSecretManager start() throws IOException, GeneralSecurityException {
    return new PlayedSecretManager(PrivateCa.server());
  }

  /** Starts one that shows this certificate. */
  public static PlayedSecretManager start(SSLContext tls) throws IOException {
    return new PlayedSecretManager(tls);
  }

  /** Returns where it listens. */
  public int port() {
    return server.getPort();
  }

  /** Returns how many connections there are now. */
  public int connections() {
    return connections.get();
  }

  /** Returns what it keeps. */
  public PlayedGoogleSecrets secrets() {
    return secrets;
  }

  /** Returns each call so far, as {@code AddSecretVersion billing}. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Forgets the calls so far. */
  public void forgetCalls() {
    calls.clear();
  }

  /** Returns the names of the headers of each call so far. */
  public List<Set<String>> headers() {
    return logIns.headers();
  }

  /** Takes tokens of this account alone from now on, as they are signed by its key. */
  public void takeAccount(String email) {
    logIns.takeAccount(email);
  }

  /** Denies a permission, such as {@code secretmanager.versions.add}, from now on. */
  public void deny(String permission) {
    denied.add(permission);
  }

  /** Grants what was denied. */
  public void grantAll() {
    denied.clear();
  }

  /** Loses the next request of a method before it has its effect. */
  public void loseRequest(String method) {
    faults.add(new Fault(method, Fault.How.LOSE_REQUEST, () -> {}));
  }

  /** Loses the answer to the next request of a method after it has had its effect. */
  public void loseAnswer(String method) {
    faults.add(new Fault(method, Fault.How.LOSE_ANSWER, () -> {}));
  }

  /**
   * Loses one call of those to come, whatever it asks for.
   *
   * @param index of the call, from 0 on
   * @param done whether it has its effect
   */
  public void loseCall(int index, boolean done) {
    lostCall =
        Optional.of(
            new LostCall(
                calls.size() + index, done ? Fault.How.LOSE_ANSWER : Fault.How.LOSE_REQUEST));
  }

  /** Whether the call that was to be lost is still to come; then it never is. */
  public boolean losesNothing() {
    boolean left = lostCall.isPresent();
    lostCall = Optional.empty();
    return left;
  }

  /** Never answers the next request of a method. */
  public void hang(String method) {
    hang(method, () -> {});
  }

  /** As {@link #hang(String)}, and tells when it has arrived. */
  public void hang(String method, Runnable arrived) {
    faults.add(new Fault(method, Fault.How.HANG, arrived));
  }

  /**
   * Has somebody do something just before the next call of a method, or throws what that throws.
   */
  public void before(String method, Runnable meanwhile) {
    faults.add(new Fault(method, Fault.How.DO, meanwhile));
  }

  /** Refuses the next call of a method. */
  public void refuse(String method, Status status) {
    before(
        method,
        () -> {
          throw status.asRuntimeException();
        });
  }

  /** Answers everything like that from now on; empty for as it is wont to. */
  public void refuseAll(Optional<Status> status) {
    always = status.map(Status::asRuntimeException);
  }

  /** Says, to the next call of a method, that a quota is used up, and for how long. */
  public void throttle(String method, int seconds) {
    var retry =
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(seconds)).build();
    before(
        method,
        () -> {
          throw refusal(
              Status.Code.RESOURCE_EXHAUSTED, "Quota exceeded.", "RATE_LIMIT_EXCEEDED", retry);
        });
  }

  /** Shows what is accessed otherwise than it is kept, from now on. */
  public void show(UnaryOperator<AccessSecretVersionResponse> otherwise) {
    shown = otherwise;
  }

  private static StatusRuntimeException refusal(
      Status.Code code, String words, String reason, com.google.protobuf.Message... more) {
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(words)
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain("secretmanager.googleapis.com")
                        .build()))
            .addDetails(Any.pack(RequestInfo.newBuilder().setRequestId("request-7").build()));
    for (var each : more) {
      status.addDetails(Any.pack(each));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private final class Counting extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      connections.incrementAndGet();
      return attributes;
    }

    @Override
    public void transportTerminated(Attributes attributes) {
      connections.decrementAndGet();
    }
  }

  private <T> void serve(
      String method, String permission, String name, StreamObserver<T> observer, Supplier<T> act) {
    calls.add(method + " " + name.substring(name.indexOf("secrets/") + "secrets/".length()));
    try {
      if (always.isPresent()) {
        throw always.get();
      }
      var fault = fault(method);
      fault.meanwhile().run();
      if (fault.how() == Fault.How.HANG) {
        return;
      }
      if (fault.how() == Fault.How.LOSE_REQUEST) {
        throw Status.UNAVAILABLE.withDescription("Told to lose the request.").asRuntimeException();
      }
      if (denied.contains(permission)) {
        throw refusal(
            Status.Code.PERMISSION_DENIED,
            "Permission '%s' denied for resource '%s' (or it may not exist)."
                .formatted(permission, name),
            "IAM_PERMISSION_DENIED");
      }
      var answer = act.get();
      if (fault.how() == Fault.How.LOSE_ANSWER) {
        throw Status.UNAVAILABLE.withDescription("Told to lose the answer.").asRuntimeException();
      }
      observer.onNext(answer);
      observer.onCompleted();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  private Fault fault(String method) {
    var lost = lostCall.filter(it -> it.index() == calls.size() - 1);
    if (lost.isPresent()) {
      lostCall = Optional.empty();
      return new Fault(method, lost.get().how(), () -> {});
    }
    for (var each : faults) {
      if (each.method().equals(method) && faults.remove(each)) {
        return each;
      }
    }
    return new Fault(method, Fault.How.DO, () -> {});
  }

  private static String secretOf(String version) {
    return version.substring(0, version.indexOf("/versions/"));
  }

  private static String wordOf(String version) {
    return version.substring(version.lastIndexOf('/') + 1);
  }

  /** As Google answers: with the project's number in the name. */
  private static String named(String name) {
    return NUMBER + name.substring(name.indexOf('/', "projects/".length()));
  }

  private static SecretVersion named(SecretVersion version) {
    return version.toBuilder().setName(named(version.getName())).build();
  }

  private static Secret named(Secret secret) {
    return secret.toBuilder().setName(named(secret.getName())).build();
  }

  @Override
  public void createSecret(CreateSecretRequest request, StreamObserver<Secret> observer) {
    var name = "%s/secrets/%s".formatted(request.getParent(), request.getSecretId());
    serve(
        "CreateSecret",
        "secretmanager.secrets.create",
        name,
        observer,
        () -> named(secrets.create(name, request.getSecret())));
  }

  @Override
  public void getSecret(GetSecretRequest request, StreamObserver<Secret> observer) {
    serve(
        "GetSecret",
        "secretmanager.secrets.get",
        request.getName(),
        observer,
        () -> named(secrets.secret(request.getName())));
  }

  @Override
  public void updateSecret(UpdateSecretRequest request, StreamObserver<Secret> observer) {
    serve(
        "UpdateSecret",
        "secretmanager.secrets.update",
        request.getSecret().getName(),
        observer,
        () -> named(secrets.update(request.getSecret(), request.getUpdateMask().getPathsList())));
  }

  @Override
  public void addSecretVersion(
      AddSecretVersionRequest request, StreamObserver<SecretVersion> observer) {
    serve(
        "AddSecretVersion",
        "secretmanager.versions.add",
        request.getParent(),
        observer,
        () -> named(secrets.add(request.getParent(), request.getPayload().toBuilder())));
  }

  @Override
  public void getSecretVersion(
      GetSecretVersionRequest request, StreamObserver<SecretVersion> observer) {
    serve(
        "GetSecretVersion",
        "secretmanager.versions.get",
        request.getName(),
        observer,
        () -> named(secrets.version(secretOf(request.getName()), wordOf(request.getName()))));
  }

  @Override
  public void accessSecretVersion(
      AccessSecretVersionRequest request, StreamObserver<AccessSecretVersionResponse> observer) {
    serve(
        "AccessSecretVersion",
        "secretmanager.versions.access",
        request.getName(),
        observer,
        () -> {
          var version = secrets.version(secretOf(request.getName()), wordOf(request.getName()));
          return shown.apply(
              AccessSecretVersionResponse.newBuilder()
                  .setName(named(version.getName()))
                  .setPayload(secrets.payload(version))
                  .build());
        });
  }

  @Override
  public void listSecretVersions(
      ListSecretVersionsRequest request, StreamObserver<ListSecretVersionsResponse> observer) {
    serve(
        "ListSecretVersions",
        "secretmanager.versions.list",
        request.getParent(),
        observer,
        () -> {
          var all = secrets.list(request.getParent(), request.getFilter());
          int begin =
              request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
          int end = Math.min(all.size(), begin + request.getPageSize());
          return ListSecretVersionsResponse.newBuilder()
              .addAllVersions(
                  all.subList(begin, end).stream().map(PlayedSecretManager::named).toList())
              .setNextPageToken(end < all.size() ? String.valueOf(end) : "")
              .build();
        });
  }

  @Override
  public void disableSecretVersion(
      DisableSecretVersionRequest request, StreamObserver<SecretVersion> observer) {
    serve(
        "DisableSecretVersion",
        "secretmanager.versions.disable",
        request.getName(),
        observer,
        () -> named(secrets.change(request.getName(), State.DISABLED, request.getEtag())));
  }

  @Override
  public void destroySecretVersion(
      DestroySecretVersionRequest request, StreamObserver<SecretVersion> observer) {
    serve(
        "DestroySecretVersion",
        "secretmanager.versions.destroy",
        request.getName(),
        observer,
        () -> named(secrets.change(request.getName(), State.DESTROYED, request.getEtag())));
  }

  @Override
  public void testIamPermissions(
      TestIamPermissionsRequest request, StreamObserver<TestIamPermissionsResponse> observer) {
    serve(
        "TestIamPermissions",
        "",
        request.getResource(),
        observer,
        () ->
            TestIamPermissionsResponse.newBuilder()
                .addAllPermissions(
                    request.getPermissionsList().stream()
                        .filter(each -> secrets.exists(request.getResource()))
                        .filter(each -> !denied.contains(each))
                        .toList())
                .build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
