package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Error;
import dev.genesysvault.proto.v1.HelloRequest;
import dev.genesysvault.proto.v1.InvalidateRequest;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real sidecar on a real socket over a simulated Genesys; the plugin is played. */
final class SidecarOverTheContractTest {
  private final Path socket;
  private final Settings settings;
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();
  private final TestShim shim;
  private Sidecar sidecar;

  SidecarOverTheContractTest(@TempDir Path folder) throws IOException {
    socket = folder.resolve("sidecar.sock");
    settings =
        new Settings(
            socket,
            Optional.empty(),
            0.9,
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            NetworkSettings.OF_JVM,
            Optional.empty(),
            MetricsSettings.SCRAPED);
    sidecar = Sidecar.start(settings);
    shim = new TestShim(socket, storage);
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void greets_with_versions_and_descriptor() {
    var hello = shim.unary().hello(HelloRequest.newBuilder().setProtocolVersion(1).build());

    assertThat(hello.getProtocolVersionsList()).containsExactly(1);
    assertThat(hello.getSidecarVersion()).isEqualTo(Sidecar.VERSION);
    assertThat(hello.getDescriptorSha256(0).size()).isEqualTo(32);
    assertThat(hello.getInstanceId()).isNotEmpty();
  }

  @Test
  void issues_renews_and_revokes_a_client_that_logs_in_until_then() throws Exception {
    configure();
    genesys.forgetRequests();
    storage.forgetOperations();

    var issued = shim.serve(shim.creds("request-1")).result();
    assertThat(storage.writes()).hasSize(2);
    assertThat(genesys.count()).isEqualTo(1);

    var data = data(issued);
    var id = String.valueOf(data.get("client_id"));
    assertThat(genesys.logsIn(simulator.loginUrl(), id, String.valueOf(data.get("client_secret"))))
        .isTrue();
    assertThat(genesys.count("POST", "/api/v2/oauth/clients")).isEqualTo(1);

    var renewed =
        shim.serve(shim.onLease(Operation.OPERATION_RENEW, issued, Instant.now())).result();
    assertThat(renewed.getResponse().getSecret().getTtl().getSeconds()).isEqualTo(3600);

    var revoked =
        shim.serve(shim.onLease(Operation.OPERATION_REVOKE, issued, Instant.now())).result();
    assertThat(revoked.hasNothing()).isTrue();
    assertThat(genesys.clientIds()).doesNotContain(id);
    assertThat(genesys.count("PUT", "/api/v2/oauth/clients/{clientId}")).isEqualTo(1);
    assertThat(genesys.count("DELETE", "/api/v2/oauth/clients/{clientId}")).isEqualTo(1);
    assertThat(genesys.count("GET", "/api/v2/oauth/clients/{clientId}")).isZero();
    assertThat(storage.keys()).containsExactly("config", "mount", "roles/demo");
  }

  private Call.Builder credsThatBringAlong(String... keys) {
    var call = shim.creds("request-1");
    Stream.of(keys).map(shim::prefetched).forEach(call::addPrefetched);
    return call;
  }

  @Test
  void a_configuration_that_came_along_is_not_asked_for_again() throws Exception {
    configure();
    shim.ops.clear();

    var issued = shim.serve(credsThatBringAlong("config", "mount", "drain", "roles/demo")).result();

    assertThat(data(issued)).containsKey("client_id");
    // Whether it is a new client, of which no session tells here; then its two records.
    assertThat(shim.ops).containsExactly("1 GET", "2 PUT", "3 PUT");
  }

  @Test
  void a_configuration_that_has_changed_since_it_came_along_is_asked_for() throws Exception {
    configure();
    var call = credsThatBringAlong("config", "mount", "drain", "roles/demo");
    shim.write("config", Map.of(), Map.of("ttl", 7200));
    shim.ops.clear();

    var issued = shim.serve(call).result();

    assertThat(data(issued)).containsKey("client_id");
    assertThat(shim.ops).containsExactly("1 GET", "2 PUT", "3 GET", "4 PUT", "5 PUT");
    assertThat(storage.keys()).filteredOn(key -> key.startsWith("clients/")).hasSize(1);
  }

  @Test
  void carries_the_instance_id_on_the_first_frame_and_another_one_after_a_restart()
      throws Exception {
    configure();
    var before = shim.serve(shim.creds("request-1")).instanceId();

    restart();

    assertThat(before).isNotEmpty();
    assertThat(shim.serve(shim.creds("request-2")).instanceId()).isNotEmpty().isNotEqualTo(before);
  }

  @Test
  void joins_a_request_that_is_sent_again_to_its_first_attempt() throws Exception {
    configure();
    genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "hold", "after"));
    var first = shim.serve(shim.creds("request-1"));
    genesys.awaitHeld();

    var second = shim.serve(shim.creds("request-1"));
    genesys.release();

    assertThat(data(second.result()).get("client_id"))
        .isEqualTo(data(first.result()).get("client_id"));
    assertThat(genesys.count("POST", "/api/v2/oauth/clients")).isEqualTo(1);
    assertThat(genesys.clientsMarked(mark())).hasSize(1);
  }

  @Test
  void continues_for_a_replay_what_a_cancelled_request_began() throws Exception {
    configure();
    genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "hold", "after"));
    var first = shim.serve(shim.creds("request-1"));
    genesys.awaitHeld();

    first.cancel();
    // Not released before that: a first attempt that is answered and cannot store it takes its
    // client back.
    var second = shim.serve(shim.creds("request-1")).result();
    genesys.release();

    var data = data(second);
    assertThat(genesys.clientsMarked(mark()))
        .containsExactly(String.valueOf(data.get("client_id")));
    assertThat(
            genesys.logsIn(
                simulator.loginUrl(),
                String.valueOf(data.get("client_id")),
                String.valueOf(data.get("client_secret"))))
        .isTrue();
  }

  @Test
  void continues_for_a_replay_what_a_killed_sidecar_began() throws Exception {
    configure();
    genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "reply_lost", true));
    genesys.arm(Map.of("method", "GET", "path", "/api/v2/oauth/clients", "status", 503));
    var first = shim.serve(shim.creds("request-1")).result();
    assertThat(first.getError().getHttpStatus()).isEqualTo(504);
    assertThat(first.getError().getMessage()).contains("clients/");

    restart();
    var second = shim.serve(shim.creds("request-1")).result();

    assertThat(genesys.clientsMarked(mark()))
        .containsExactly(String.valueOf(data(second).get("client_id")));
  }

  @Test
  void refuses_a_plugin_of_another_descriptor_and_says_what_to_upgrade() {
    try (var other = new TestShim(socket, storage).withDescriptorHash(new byte[32])) {
      var stream = other.serve(other.creds("request-1"));

      assertThat(stream.end().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(stream.end().getDescription()).contains("upgrade the sidecar first");
    }
  }

  @Test
  void refuses_a_plugin_of_another_protocol() {
    var stream = shim.serve(shim.creds("request-1").setProtocolVersion(2));

    assertThat(stream.end().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(stream.end().getDescription()).contains("protocol version 2");
  }

  @Test
  void refuses_a_call_without_a_mount() {
    var stream = shim.serve(shim.creds("request-1").clearMount());

    assertThatThrownBy(stream::result)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("names no mount");
  }

  @Test
  void tells_the_plugin_that_the_node_is_read_only() throws Exception {
    configure();
    storage.failWhen(StorageException.Kind.READ_ONLY, op -> op.startsWith("put "));

    var result = shim.serve(shim.creds("request-1")).result();

    assertThat(result.getError().getKind()).isEqualTo(Error.Kind.KIND_READ_ONLY);
    assertThat(genesys.clientsMarked(mark())).isEmpty();
  }

  @Test
  void holds_a_background_session_that_carries_storage_until_it_is_closed() throws Exception {
    configure();
    var session = shim.attend();
    session.awaitFirstOp();

    awaitSession(true);

    session.cancel();
    awaitSession(false);
  }

  @Test
  void ends_the_older_of_two_background_sessions_of_one_mount() throws Exception {
    configure();
    var older = shim.attend();
    older.awaitFirstOp();

    var newer = shim.attend();
    newer.awaitFirstOp();

    assertThat(older.end().getCode()).isEqualTo(Status.Code.ABORTED);
    awaitSession(true);
  }

  @Test
  void ends_background_sessions_as_unavailable_when_it_stops() throws Exception {
    configure();
    var session = shim.attend();
    session.awaitFirstOp();

    sidecar.close();

    assertThat(session.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    sidecar = Sidecar.start(settings);
  }

  @Test
  void takes_an_invalidation() {
    var reply =
        shim.unary()
            .invalidate(
                InvalidateRequest.newBuilder().setMountUuid("mount-1").addKeys("config").build());

    assertThat(reply.getInstanceId()).isNotEmpty();
  }

  @Test
  void removes_its_socket_at_the_end_and_starts_over_a_stale_one() throws Exception {
    sidecar.close();
    assertThat(socket).doesNotExist();

    try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(Files.exists(socket)).isTrue();

    sidecar = Sidecar.start(settings);
    assertThat(shim.unary().hello(HelloRequest.getDefaultInstance()).getInstanceId()).isNotEmpty();
  }

  @Test
  void leaves_the_socket_of_a_living_sidecar_alone() {
    assertThatThrownBy(() -> Sidecar.start(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process listens");

    assertThat(shim.unary().hello(HelloRequest.getDefaultInstance()).getInstanceId()).isNotEmpty();
  }

  private void restart() throws IOException {
    sidecar.close();
    sidecar = Sidecar.start(settings);
  }

  private void configure() {
    shim.configure(simulator);
  }

  private String mark() {
    return String.valueOf(
        data(shim.serve(shim.call(Operation.OPERATION_READ, "config")).result()).get("mount_id"));
  }

  /** Asks until the sidecar has noticed; a stream's end takes a moment to cross the socket. */
  private void awaitSession(boolean open) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() - end < 0) {
      var status = data(shim.serve(shim.call(Operation.OPERATION_READ, "status")).result());
      if (Boolean.valueOf(open).equals(status.get("session"))) {
        return;
      }
    }
    throw new AssertionError("the session is not " + (open ? "open" : "closed"));
  }

  private static Map<String, Object> data(Result result) {
    assertThat(result.hasResponse()).as(result.getError().getMessage()).isTrue();
    return Json.read(result.getResponse().getDataJson().toByteArray());
  }
}
