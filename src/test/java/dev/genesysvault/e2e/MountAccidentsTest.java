package dev.genesysvault.e2e;

import static dev.genesysvault.e2e.FurnishedMount.BRISK;
import static dev.genesysvault.e2e.FurnishedMount.KEPT;
import static dev.genesysvault.e2e.FurnishedMount.STEADY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.e2e.FurnishedMount.Leased;
import dev.genesysvault.testing.SimulatorAdmin.LiveClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What happens to whole mounts: moved, disabled, drained, leases revoked by force; with Genesys
 * away, and with the sidecar killed in the middle. After each, those clients are alive that should
 * be, and nobody else: it prints who.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MountAccidentsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CLIENTS = "/api/v2/oauth/clients/";

  private final Stack stack;
  private final List<String> table = new ArrayList<>();
  private Set<String> others = Set.of();
  private @Nullable FurnishedMount mount;
  private int mounts;

  MountAccidentsTest(@TempDir Path folder) throws Exception {
    stack =
        Stack.start(
            folder, "--longest-request=1s", "--visibility-delay=1s", "--propagation-delay=1s");
  }

  /** What becomes of the sidecar in the middle of an accident. */
  enum Sidecar {
    LIVES,
    IS_KILLED
  }

  @BeforeEach
  void look() throws Exception {
    others = Set.copyOf(stack.genesys.clientIds());
  }

  /** What an accident leaves alive would be in the way of the next one. */
  @AfterEach
  void clear() throws Exception {
    stack.genesys.clearFaults();
    stack.ensureSidecar();
    stack.awaitSidecar();
    if (mount != null) {
      mount.clearAway();
    }
    for (var client : living()) {
      stack.genesys.deleteByHand(stack.simulator.loginUrl(), client.id());
    }
  }

  @AfterAll
  void stop() {
    stack.close();
    table.forEach(System.out::println);
  }

  @ParameterizedTest
  @CsvSource({"deferred, LIVES", "strict, IS_KILLED"})
  void a_mount_that_is_moved_ends_its_leases_and_its_static_roles_go_on(
      String revocation, Sidecar sidecar) throws Exception {
    var mount = furnished(revocation, STEADY, BRISK);
    var steady = mount.credential(STEADY);
    var leased = mount.lease();
    var elsewhere = next();

    if (sidecar == Sidecar.IS_KILLED) {
      hold(leased.clientId());
      var moved = mount.moveMeanwhile(elsewhere);
      killWhileHeld();
      assertThat(moved.get(100, TimeUnit.SECONDS)).isFalse();
      stack.startSidecar();
      Eventually.is("it is moved all the same", PATIENCE, () -> mount.move(elsewhere));
    } else {
      assertThat(mount.move(elsewhere)).isTrue();
    }

    assertThat(stack.logsIn(leased.credential())).isFalse();
    assertThat(stack.logsIn(steady)).isTrue();
    goesOn(mount, steady);
    settled("vault secrets move", revocation, sidecar, mount, mount::handedOut);
  }

  @ParameterizedTest
  @EnumSource
  void a_mount_whose_disabling_failed_and_was_given_up_goes_on(Sidecar sidecar) throws Exception {
    var mount = furnished("strict", STEADY, BRISK);
    var steady = mount.credential(STEADY);
    var leased = mount.lease();
    if (sidecar == Sidecar.IS_KILLED) {
      hold(leased.clientId());
    }
    stack.genesys.goDown();

    var disabled = meanwhile(mount::disable);
    if (sidecar == Sidecar.IS_KILLED) {
      killWhileHeld();
      stack.genesys.goDown();
      stack.startSidecar();
    }

    assertThat(disabled.get(100, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(400);
    stack.genesys.clearFaults();
    // That is how an operator takes a taint back.
    var back = next();
    Eventually.is("the mount is back", PATIENCE, () -> mount.move(back));
    assertThat(stack.logsIn(steady)).isTrue();
    goesOn(mount, steady);
    assertThat(stack.logsIn(mount.lease().credential())).isTrue();
    settled("disabling fails, is given up", "strict", sidecar, mount, mount::handedOut);
    assertThat(stack.logsIn(leased.credential())).isFalse();
  }

  /** What a taint stopped has begun again: on schedule, and by hand. */
  private void goesOn(FurnishedMount mount, Map<String, String> steady) throws Exception {
    var brisk = mount.credential(BRISK);

    var answer = mount.rotateAtOnce(STEADY);

    assertThat(answer.path("rotated").asBoolean()).as(answer.toString()).isTrue();
    assertThat(answer.path("leaked_client_active").asBoolean()).isFalse();
    assertThat(stack.logsIn(steady)).isFalse();
    assertThat(stack.logsIn(mount.credential(STEADY))).isTrue();
    mount.awaitSuccessor(BRISK, brisk);
    assertThat(stack.logsIn(mount.credential(BRISK))).isTrue();
    mount.calm(BRISK);
    // One that is written only now gets its client, too.
    mount.write(KEPT);
    Eventually.is(
        "a new static role has its client",
        PATIENCE,
        () -> stack.http.get(mount.path() + "/static-creds/" + KEPT).status() == 200);
    assertThat(stack.logsIn(mount.credential(KEPT))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"deferred, LIVES", "strict, IS_KILLED"})
  void a_drained_mount_leaves_nothing_to_a_disabling(String revocation, Sidecar sidecar)
      throws Exception {
    var mount = furnished(revocation, STEADY, KEPT);
    var kept = mount.credential(KEPT);
    var steady = mount.credential(STEADY);
    var leased = mount.lease();

    var dry = mount.drain(false);
    assertThat(dry.path("draining").asBoolean()).isFalse();
    assertThat(dry.path("issued").asInt()).isEqualTo(1);
    assertThat(dry.path("static_clients").toString())
        .contains(
            "client %s is decommissioned".formatted(steady.get("client_id")),
            "client %s is released".formatted(kept.get("client_id")));
    for (var credential : List.of(kept, steady, leased.credential())) {
      assertThat(stack.logsIn(credential)).isTrue();
    }
    if (sidecar == Sidecar.IS_KILLED) {
      hold(steady.getOrDefault("client_id", ""));
    }

    assertThat(mount.drain(true).path("draining").asBoolean()).isTrue();
    if (sidecar == Sidecar.IS_KILLED) {
      killWhileHeld();
      stack.startSidecar();
    }
    mount.awaitDrained();
    var drained = mount.drainProgress();
    int logged = stack.logs().length();
    // Where the sidecar was killed, nobody knows which clients are gone and which are not shown
    // yet.
    Eventually.is("it is disabled", PATIENCE, () -> mount.disable() == 204);

    assertThat(drained.path("static_roles").asInt()).isZero();
    assertThat(stack.logs().substring(logged)).doesNotContain("something is left");
    assertThat(stack.genesys.clientsMarked("-" + STEADY + "-")).isEmpty();
    assertThat(stack.logsIn(kept)).isTrue();
    settled(
        "drain, then disabling",
        revocation,
        sidecar,
        mount,
        () -> Map.of(kept.getOrDefault("client_id", ""), "kept (released)"));
    // Its name is cut before the mark.
    assertThat(living()).extracting(LiveClient::name).containsExactly("vault-" + KEPT);
  }

  @Test
  void a_drain_that_is_called_off_leaves_alive_what_it_did_not_end() throws Exception {
    var mount = furnished("deferred", KEPT);
    var kept = mount.clientId(KEPT);
    var leases = List.of(mount.lease(), mount.lease(), mount.lease());
    // One is ended after the other, so that two of the three are not begun.
    stack.genesys.arm(
        Map.of("method", "PUT", "path", CLIENTS + "{clientId}", "hold", "before", "count", 9));
    mount.drain(true);
    stack.genesys.awaitHeld();
    assertThat(stack.http.get(mount.path() + "/creds/demo").errors()).contains("drain");
    assertThat(stack.http.data(mount.path() + "/status").path("draining").asBoolean()).isTrue();

    assertThat(stack.http.delete(mount.path() + "/drain").status()).isEqualTo(204);

    stack.genesys.clearFaults();
    assertThat(stack.http.data(mount.path() + "/status").path("draining").asBoolean()).isFalse();
    var again = mount.lease();
    assertThat(stack.logsIn(again.credential())).isTrue();
    settled(
        "drain that is called off",
        "deferred",
        Sidecar.LIVES,
        mount,
        () -> {
          var expected = mount.handedOut();
          expected.putIfAbsent(kept, "kept (released)");
          return expected;
        });
    int living = 0;
    for (var lease : leases) {
      living += stack.logsIn(lease.credential()) ? 1 : 0;
    }
    assertThat(living).isGreaterThanOrEqualTo(leases.size() - 1);
  }

  @ParameterizedTest
  @CsvSource({"deferred, LIVES", "strict, IS_KILLED"})
  void a_mount_that_is_disabled_undrained_names_the_static_clients_that_stay(
      String revocation, Sidecar sidecar) throws Exception {
    var mount = furnished(revocation, STEADY, KEPT);
    var stay = new TreeMap<String, String>();
    for (var role : List.of(STEADY, KEPT)) {
      stay.put(mount.clientId(role), role + " (named)");
    }
    var leased = mount.lease();
    int logged = stack.vault.log().length();

    if (sidecar == Sidecar.IS_KILLED) {
      hold(leased.clientId());
      var disabled = meanwhile(mount::disable);
      killWhileHeld();
      assertThat(disabled.get(100, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(400);
      stack.startSidecar();
    }
    Eventually.is("the mount is disabled", PATIENCE, () -> mount.disable() == 204);

    var told = stack.vault.log().substring(logged);
    assertThat(told).contains("static role steady is not deleted", "static role kept is not");
    stay.keySet().forEach(id -> assertThat(told).contains(id));
    assertThat(stack.logsIn(leased.credential())).isFalse();
    settled("disabling without drain", revocation, sidecar, mount, () -> stay);
  }

  @ParameterizedTest
  @CsvSource({"force, LIVES", "force, IS_KILLED", "sync, LIVES", "sync, IS_KILLED"})
  void a_strict_lease_that_is_revoked_while_genesys_is_away_ends_when_it_is_well(
      String how, Sidecar sidecar) throws Exception {
    var mount = furnished("strict", STEADY);
    var leased = mount.lease();
    var bystander = mount.lease();
    if (sidecar == Sidecar.IS_KILLED) {
      hold(leased.clientId());
    }
    stack.genesys.goDown();

    var revoked = meanwhile(() -> revoke(how, leased));
    if (sidecar == Sidecar.IS_KILLED) {
      killWhileHeld();
      stack.genesys.goDown();
    }
    int status = revoked.get(100, TimeUnit.SECONDS);
    if (sidecar == Sidecar.IS_KILLED) {
      stack.startSidecar();
    }

    assertThat(status / 100).as("status %d", status).isEqualTo(how.equals("force") ? 2 : 4);
    assertThat(ids(living())).contains(leased.clientId());
    stack.genesys.clearFaults();
    settled("lease revoke -" + how + ", Genesys away", "strict", sidecar, mount, mount::handedOut);
    assertThat(stack.logsIn(leased.credential())).isFalse();
    assertThat(stack.logsIn(bystander.credential())).isTrue();
    if (how.equals("sync")) {
      Eventually.is("its lease goes as well", PATIENCE, () -> revoke(how, leased) == 204);
    }
  }

  private int revoke(String how, Leased leased) throws Exception {
    return how.equals("force")
        ? stack.http.put("sys/leases/revoke-force/" + leased.id(), Map.of()).status()
        : stack
            .http
            .put("sys/leases/revoke", Map.of("lease_id", leased.id(), "sync", true))
            .status();
  }

  /** Holds the deactivation of a client. */
  private void hold(String clientId) throws Exception {
    stack.genesys.hold("PUT", CLIENTS + clientId, "before");
  }

  private void killWhileHeld() throws Exception {
    stack.genesys.awaitHeld();
    stack.killSidecar();
    stack.genesys.clearFaults();
  }

  /** Work that another process answers with a status. */
  @FunctionalInterface
  private interface Status {
    int get() throws Exception;
  }

  /** Who should be alive: names by client ids. */
  @FunctionalInterface
  private interface Expected {
    Map<String, String> get() throws Exception;
  }

  private static CompletableFuture<Integer> meanwhile(Status work) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return work.get();
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    });
  }

  /** Waits until those are there that should be, and nobody else; tells who, either way. */
  private void settled(
      String accident, String revocation, Sidecar sidecar, FurnishedMount mount, Expected expected)
      throws Exception {
    long begun = System.nanoTime();
    boolean late = false;
    try {
      Eventually.is(
          "those are there that should be",
          PATIENCE,
          () -> ids(living()).equals(expected.get().keySet()) && nothingWaits(mount));
    } catch (AssertionError _) {
      late = true;
    }
    var should = expected.get();
    var tooMany = new ArrayList<String>();
    for (var client : living()) {
      if (!should.containsKey(client.id())) {
        tooMany.add(client.name() + " (" + client.state() + ")");
      }
    }
    var missing = new TreeMap<>(should);
    missing.keySet().removeAll(ids(living()));
    table.add(
        "%-34s %-9s sidecar %-10s settled in %4.1f s; alive: %-32s should not be: %d %s; dead that should live: %d %s"
            .formatted(
                accident,
                revocation,
                sidecar,
                (System.nanoTime() - begun) / 1e9,
                should.values(),
                tooMany.size(),
                tooMany,
                missing.size(),
                missing.values()));
    assertThat(tooMany).as("alive, and should not be").isEmpty();
    assertThat(missing).as("dead, and should live").isEmpty();
    assertThat(late).as("the mount has something left to do").isFalse();
  }

  /** Whether the mount, where there is one, has nothing left to do. */
  private boolean nothingWaits(FurnishedMount mount) throws Exception {
    var status = stack.http.get(mount.path() + "/status");
    if (status.status() == 404) {
      return true;
    }
    var queues = status.body().path("data").path("queues");
    return status.status() == 200
        && queues.path("loaded").asBoolean()
        && queues.path("to_deactivate").asInt() == 0
        && queues.path("to_delete").asInt() == 0
        && queues.path("to_search").asInt() == 0
        && queues.path("journal").asInt() == 0
        && queues.path("stuck").asInt() == 0;
  }

  /** Returns the clients at Genesys that were not there before the first mount. */
  private List<LiveClient> living() throws Exception {
    return stack.genesys.clients().stream()
        .filter(client -> !others.contains(client.id()))
        .toList();
  }

  private static Set<String> ids(List<LiveClient> clients) {
    var ids = new HashSet<String>();
    clients.forEach(client -> ids.add(client.id()));
    return ids;
  }

  private FurnishedMount furnished(String revocation, String... staticRoles) throws Exception {
    var furnished = FurnishedMount.at(next(), stack, revocation, staticRoles);
    mount = furnished;
    return furnished;
  }

  private String next() {
    mounts++;
    return "m" + mounts;
  }
}
