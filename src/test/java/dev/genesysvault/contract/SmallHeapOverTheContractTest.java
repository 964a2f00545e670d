package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.Main;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.LargeOrganization;
import dev.genesysvault.testing.LauncherFlags;
import dev.genesysvault.testing.SimulatedOrganization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real sidecar in a process of its own, with a heap of 64 MB, before an organisation that sends
 * more than that.
 */
@Timeout(300)
@Tag("slow")
final class SmallHeapOverTheContractTest {
  private static final int LARGE_REPLY_BYTES = 15_000_000;
  private static final Pattern AFTER_GC = Pattern.compile("->(\\d+)M\\(");

  private final SimulatedGenesys genesys =
      new SimulatedGenesys(InstantSource.system(), new Random(7));
  private LargeOrganization organization;
  private Process sidecar;
  private TestShim shim;

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    organization = new LargeOrganization(genesys);
    var socket = folder.resolve("sidecar.sock");
    var command = LauncherFlags.command(Main.class, "-Xlog:gc:file=" + folder.resolve("gc.log"));
    command.addAll(
        List.of(
            "--socket",
            socket.toString(),
            "--propagation-delay",
            "1s",
            "--longest-request",
            "20s",
            "--visibility-delay",
            "1s"));
    sidecar =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    // Whatever becomes of the test, it does not outlive it.
    Runtime.getRuntime().addShutdownHook(new Thread(sidecar::destroyForcibly));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(socket)) {
      assertThat(sidecar.isAlive() && System.nanoTime() < end).as(this::log).isTrue();
      Thread.sleep(20);
    }
    shim = new TestShim(socket, new InMemoryStorage());
    shim.hurry(120);
  }

  private Result configure() {
    return shim.write(
        "config",
        Map.of(),
        Map.of(
            "api_url",
            organization.url().toString(),
            "login_url",
            organization.url().toString(),
            "client_id",
            Seed.CLIENT_ID,
            "client_secret",
            Seed.CLIENT_SECRET));
  }

  private void makeRole() {
    assertThat(
            shim.write(
                    "roles/name",
                    Map.of("name", "demo"),
                    Map.of("role_divisions", List.of(SimulatedOrganization.HELD_PAIR)))
                .hasError())
        .isFalse();
  }

  @AfterEach
  void stop() throws InterruptedException {
    shim.close();
    sidecar.destroyForcibly().waitFor();
    organization.close();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** As many clients as {@code -Dlist.clients} says: DEVELOPERS.md. */
  @Test
  void eight_lost_answers_at_once_are_found_in_the_list_of_a_large_organisation() throws Exception {
    int clients = Integer.getInteger("list.clients", 12_000);
    organization.growBy(clients);
    assertThat(configure().hasError()).as(this::log).isFalse();
    makeRole();
    shim.attend().awaitFirstOp();
    arm("{\"method\":\"POST\",\"path\":\"/api/v2/oauth/clients\",\"reply_lost\":true,\"count\":8}");

    long begun = System.nanoTime();
    var requests = new ArrayList<TestShim.Stream>();
    for (int i = 0; i < 8; i++) {
      requests.add(shim.serve(shim.creds("request-" + i)));
    }

    for (var request : requests) {
      var result = request.result();
      assertThat(result.hasError()).as(() -> result.getError() + log()).isFalse();
    }
    var took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    assertThat(sidecar.isAlive()).isTrue();
    // Each may have met the end of a list that it came too late for.
    assertThat(organization.lists()).isBetween(1, 8);
    System.out.printf(
        "%,d clients, 8 lost answers, heap 64 MB: %d lists, %,d ms, at most %d MB after a collection, %d MB resident%n",
        clients, organization.lists(), took, mostAfterCollections(), residentMegabytes());
  }

  /** As many clients as {@code -Dlist.clients} says: DEVELOPERS.md. */
  @Test
  void a_static_role_rotates_and_what_a_lost_answer_made_is_found_in_the_list_and_ended()
      throws Exception {
    int clients = Integer.getInteger("list.clients", 12_000);
    organization.growBy(clients);
    assertThat(configure().hasError()).as(this::log).isFalse();
    shim.attend().awaitFirstOp();
    var name = Map.of("name", "steady");
    var made =
        shim.write(
            "static-roles/name",
            name,
            Map.of(
                "role_divisions",
                List.of(SimulatedOrganization.HELD_PAIR),
                "rotation_period",
                86_400));
    assertThat(made.hasError()).as(made.toString()).isFalse();
    eventually("the role has its client", () -> presentClient().isPresent());
    var former = presentClient().orElseThrow();
    int before = organization.lists();
    arm("{\"method\":\"POST\",\"path\":\"/api/v2/oauth/clients\",\"reply_lost\":true,\"count\":1}");

    long begun = System.nanoTime();
    var rotated = shim.write("rotate-role/name", name, Map.of());
    assertThat(rotated.hasError()).as(rotated.toString()).isFalse();
    eventually(
        "the role has its next client",
        () -> presentClient().filter(id -> !id.equals(former)).isPresent());
    var took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    eventually(
        "what the lost answer made is looked for and found",
        () -> organization.lists() > before && shim.storage.list("clients/").size() <= 1);
    assertThat(sidecar.isAlive()).as(this::log).isTrue();
    System.out.printf(
        "%,d clients, a rotation whose first answer is lost, heap 64 MB: %d lists, %,d ms until the next client, at most %d MB after a collection, %d MB resident%n",
        clients, organization.lists() - before, took, mostAfterCollections(), residentMegabytes());
  }

  private Optional<String> presentClient() {
    var read =
        shim.serve(
                shim.call(Operation.OPERATION_READ, "static-creds/name")
                    .putCaptures("name", "steady"))
            .result();
    return read.hasResponse()
        ? Optional.of(
            String.valueOf(
                Json.read(read.getResponse().getDataJson().toByteArray()).get("client_id")))
        : Optional.empty();
  }

  private void eventually(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertThat(sidecar.isAlive() && System.nanoTime() < end)
          .as(() -> "not so: " + what + "; " + log())
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void an_answer_of_15_MB_to_any_call_is_that_calls_error() throws Exception {
    organization.padTo(LARGE_REPLY_BYTES);
    assertThat(configure().getError().getMessage()).contains("more than 1048576 bytes");
    organization.padTo(0);
    assertThat(configure().hasError()).isFalse();
    makeRole();
    organization.padTo(LARGE_REPLY_BYTES);

    var requests = new ArrayList<TestShim.Stream>();
    for (int i = 0; i < 8; i++) {
      requests.add(shim.serve(shim.creds("large-" + i)));
    }

    for (var request : requests) {
      assertThat(request.result().hasError()).as(this::log).isTrue();
    }
    assertThat(sidecar.isAlive()).as(this::log).isTrue();
    organization.padTo(0);
    assertThat(shim.serve(shim.creds("usual")).result().hasError()).isFalse();
  }

  private void arm(String fault) {
    var reply =
        genesys.handle(
            new SimulatedRequest(
                Origin.API,
                "POST",
                "/_simulator/faults",
                "",
                Map.of(),
                fault.getBytes(StandardCharsets.UTF_8)));
    assertThat(reply.status()).isEqualTo(200);
  }

  private int mostAfterCollections() throws IOException {
    var after = AFTER_GC.matcher(Files.readString(folder.resolve("gc.log")));
    int most = 0;
    while (after.find()) {
      most = Math.max(most, Integer.parseInt(after.group(1)));
    }
    return most;
  }

  private long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + sidecar.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
